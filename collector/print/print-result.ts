import type { QueryResult } from '../../parsers/kql/plan.ts';
import { toCsv } from './csv.ts';
import { toJson } from './json.ts';
import { toTable } from './table.ts';

/** Terminals narrower than this, and output that is no terminal, are printed for 80 columns. */
const USUAL_WIDTH = 80;

/** Prints a query's answer on stdout. */
export function printResult(result: QueryResult, format: 'table' | 'json' | 'csv'): void {
  switch (format) {
    case 'json':
      process.stdout.write(toJson(result));
      return;
    case 'csv':
      process.stdout.write(toCsv(result));
      return;
    case 'table': {
      const width = Math.max(process.stdout.columns ?? 0, USUAL_WIDTH);
      process.stdout.write(toTable(result, width));
      return;
    }
  }
}
