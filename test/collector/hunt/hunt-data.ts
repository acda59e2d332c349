import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FileCertificateRecord, SweepRow } from '../../../parsers/record/columns.ts';
import { runCollector } from '../collector-process.ts';
import { ndjson, record, sweep } from '../records.ts';

export const TIGHTVNC = '18f7c17b-65d4-4263-b9e2-587e84233989';

/** A file that the built-in rule flags. */
export function flagged(values: Partial<FileCertificateRecord>): FileCertificateRecord {
  return record({
    FolderPath: 'C:\\TightVNC',
    FileName: 'tvnserver.exe',
    SHA1: '1'.repeat(40),
    Signer: 'GlavSoft LLC.',
    SignatureIndex: 0,
    SignatureStatus: 'Trusted',
    IsTrusted: true,
    MatchGrade: 'signature-trusted',
    Rules: [TIGHTVNC],
    ...values,
  });
}

/** Imports records, and sweep rows by way of an import each. */
export async function store(
  data: string,
  records: readonly FileCertificateRecord[],
  sweeps: readonly Partial<SweepRow>[] = [],
): Promise<void> {
  await importFile(`${data}.ndjson`, records, undefined, data);
  for (const [index, values] of sweeps.entries())
    await importFile(`${data}-${index}.ndjson`, [], values, data);
}

async function importFile(
  file: string,
  records: readonly FileCertificateRecord[],
  values: Partial<SweepRow> | undefined,
  data: string,
): Promise<void> {
  const text = ndjson(records);
  writeFileSync(file, text);
  if (values) {
    const RecordsDigest = createHash('sha256').update(text).digest('hex');
    const row = sweep({ Complete: true, RecordsDigest, ScanId: path.basename(file), ...values });
    writeFileSync(`${file}.sweep.json`, JSON.stringify(row));
  }
  const ran = await runCollector('import', file, '--data', data);
  if (ran.status !== 0) throw new Error(ran.stderr + ran.stdout);
}

/** A rule file with this query. */
export function ruleFile(folder: string, name: string, query: string): string {
  const file = path.join(folder, `${name}.yaml`);
  const lines = query.split('\n').map((line) => `  ${line}`);
  const head = [
    'id: 11111111-2222-3333-4444-555555555555',
    `name: ${name}`,
    'description: a test',
    'tactics: [CommandAndControl]',
    'relevantTechniques: [T1219]',
    'query: |',
  ];
  writeFileSync(file, [...head, ...lines, ''].join('\n'));
  return file;
}
