import type { QueryResult } from '../../parsers/kql/plan.ts';
import { cellJson } from '../query/cell-json.ts';

/** An array of objects, one a row and one a line, keys in column order. */
export function toJson({ columns, rows }: QueryResult): string {
  const objects = rows.map((row) => {
    const members = columns.map(
      ({ name, type }, index) => `${JSON.stringify(name)}:${cellJson(row[index] ?? null, type)}`,
    );
    return `{${members.join(',')}}`;
  });
  return objects.length === 0 ? '[]\n' : `[\n${objects.join(',\n')}\n]\n`;
}
