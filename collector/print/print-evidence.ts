import { printable } from '../../parsers/record/printable.ts';
import type { Evidence } from '../hunt/evidence.ts';
import type { Device } from '../hunt/find-device.ts';
import { counted } from '../hunt/reporting-words.ts';
import { evidenceRows } from './evidence-rows.ts';
import { evidenceTable } from './evidence-table.ts';
import { printNotes } from './notes.ts';
import { printResult, terminalWidth } from './print-result.ts';

/** Prints the files behind a hunt's answer for `device`; what a person should know beside json and csv goes to `notes`. */
export function printEvidence(
  device: Device,
  evidence: Evidence,
  format: 'table' | 'json' | 'csv',
  notes: NodeJS.WriteStream,
): void {
  const { files, unresolved } = evidence;
  const ids = files.reduce((sum, { reportIds }) => sum + reportIds.length, 0);
  printNotes(notes, [
    `${printable(device.name)} (${printable(device.id)}): ${counted(ids, 'ReportId')}, ${counted(files.length, 'file')}`,
    '',
  ]);
  if (format === 'table') process.stdout.write(evidenceTable(evidence, terminalWidth()));
  else printResult(evidenceRows(evidence), format);
  if (unresolved.length > 0)
    printNotes(notes, [
      '',
      `${counted(unresolved.length, 'ReportId')} of the answer belong to no record of the window: ${unresolved.slice(0, 20).join(', ')}`,
    ]);
}
