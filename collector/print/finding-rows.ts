import type { QueryResult } from '../../parsers/kql/plan.ts';
import type { ListedFinding } from '../schedule/finding-list.ts';
import { toCsv } from './csv.ts';
import { terminalWidth } from './print-result.ts';
import { toTable } from './table.ts';

const COLUMNS = [
  ...['state', 'tool', 'grade', 'deviceName', 'path', 'signer', 'lastSeen', 'lastNotified'],
  ...['reason', 'approvalId', 'deviceId', 'sha256', 'sha1', 'rule', 'firstSeen', 'found', 'key'],
] as const satisfies readonly (keyof ListedFinding)[];

/** What a terminal has room for. */
const MOST_OF_TABLE = 9;

/** Findings of the scheduled hunts: JSON has every field, csv all but lists, a table the first columns. */
export function printFindings(
  findings: readonly ListedFinding[],
  format: 'table' | 'json' | 'csv',
): void {
  if (format === 'json') process.stdout.write(`${JSON.stringify(findings, undefined, 1)}\n`);
  else if (format === 'csv') process.stdout.write(toCsv(resultOf(findings, COLUMNS)));
  else if (findings.length === 0) process.stdout.write('No findings.\n');
  else {
    const result = resultOf(findings, COLUMNS.slice(0, MOST_OF_TABLE));
    process.stdout.write(toTable(result, terminalWidth()));
  }
}

function resultOf(
  findings: readonly ListedFinding[],
  names: readonly (typeof COLUMNS)[number][],
): QueryResult {
  return {
    columns: names.map((name) => ({ name, type: 'string' })),
    rows: findings.map((finding) => names.map((name) => finding[name] ?? '')),
  };
}
