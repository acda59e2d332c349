import { statSync } from 'node:fs';
import { examine } from '../doctor/examine.ts';
import { EXIT_ERRORS } from '../exit-status.ts';
import { findingsTable } from '../print/findings.ts';
import { terminalWidth } from '../print/print-result.ts';
import { UsageError } from '../usage-error.ts';

export interface DoctorOptions {
  readonly data: string;
  readonly format: 'table' | 'json';
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** `doctor`: what it found, and the exit status: EXIT_ERRORS where a check failed. */
export async function doctor({ data, format, tlsCert, tlsKey }: DoctorOptions): Promise<number> {
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new UsageError('--tls-cert and --tls-key belong together: give both files');
  if (statSync(data, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`${data} is no folder: check --data`);
  const given =
    tlsCert !== undefined && tlsKey !== undefined ? { cert: tlsCert, key: tlsKey } : undefined;
  const findings = await examine(data, given, Date.now());
  process.stdout.write(
    format === 'json'
      ? `${JSON.stringify(findings, undefined, 1)}\n`
      : findingsTable(findings, terminalWidth()),
  );
  return findings.some(({ level }) => level === 'fail') ? EXIT_ERRORS : 0;
}
