import type { QueryResult, ResultColumn } from '../../parsers/kql/plan.ts';
import { recordColumns } from '../../parsers/record/columns.ts';
import { type Evidence, FACTS } from '../hunt/evidence.ts';

const COLUMNS: readonly ResultColumn[] = [
  ...FACTS.map((name) => ({ name, type: recordColumns[name].type })),
  { name: 'FirstSeen', type: 'datetime' },
  { name: 'LastSeen', type: 'datetime' },
  { name: 'EverFirstSeen', type: 'datetime' },
  { name: 'Presence', type: 'string' },
  { name: 'OtherDevices', type: 'long' },
  { name: 'OtherDeviceNames', type: 'dynamic' },
  { name: 'ReportIds', type: 'dynamic' },
  { name: 'Approval', type: 'string' },
  { name: 'ApprovalId', type: 'string' },
  { name: 'ApprovalReason', type: 'string' },
];

/** Evidence for json and csv: a row for each signature of a file. */
export function evidenceRows({ files }: Evidence): QueryResult {
  const rows = files.map((file) => [
    ...FACTS.map((name) => file.facts[name] ?? null),
    file.firstSeen,
    file.lastSeen,
    file.everFirstSeen,
    file.presence.state,
    BigInt(file.others.count),
    file.others.names,
    file.reportIds.map(Number), // safe integers: the ingest check refuses others
    file.judgement?.state ?? '',
    file.judgement?.approvalId ?? '',
    file.judgement?.words ?? '',
  ]);
  return { columns: COLUMNS, rows };
}
