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
    case 'table':
      process.stdout.write(toTable(result, terminalWidth()));
      return;
  }
}

/** Columns that a line on stdout may take. */
export function terminalWidth(): number {
  return Math.max(process.stdout.columns ?? 0, USUAL_WIDTH);
}
