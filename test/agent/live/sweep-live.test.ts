import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { linuxContext } from '../../../agent/live/gather-live-context.ts';
import { Sweep } from '../../../agent/sweep.ts';
import { planSweep } from '../../../agent/sweep-settings.ts';
import type { FileCertificateRecord, SweepRow } from '../../../parsers/record/columns.ts';
import { parseLines, runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';

const fixtures = path.join(import.meta.dirname, '../../../fixtures/pe');
const flagged = path.join(fixtures, 'glavsoft-sha256-rfc3161.exe');
const other = path.join(fixtures, 'organisation-only.exe');

if (process.platform !== 'linux')
  console.warn('certsweep: live context of Linux is tested there only: LEFT OUT');

describe.runIf(process.platform === 'linux')('a sweep with live context', () => {
  test('says of a flagged file which service starts it, and nothing of the others', async () => {
    const root = temporaryFolder();
    writeTree(root, {
      'proc/stat': 'btime 1700000000\n',
      'etc/systemd/system/vnc.service': `[Service]\nExecStart=/usr/bin/wine ${flagged}\n`,
    });
    const paths = [flagged, other];
    const { settings } = await planSweep({ paths, maxFileSize: 1e9, threads: 1, unsigned: true });
    const records: FileCertificateRecord[] = [];
    const listener = {
      record: async (record: FileCertificateRecord) => {
        records.push(record);
      },
      problem: () => {},
      checkpoint: () => true,
    };
    await new Sweep({ ...settings, live: linuxContext(root) }, listener).run();
    expect(records.map(liveColumns)).toEqual(
      expect.arrayContaining([
        {
          FileName: path.basename(flagged),
          RunningProcesses: [],
          AutostartEntries: [{ kind: 'service', name: 'vnc.service', state: 'not enabled' }],
        },
        { FileName: path.basename(other), RunningProcesses: null, AutostartEntries: null },
      ]),
    );
  });

  test.each([
    { args: ['--live'], columns: [], context: /^(complete|partial)$/, summary: /^ {2}live {8}\S/m },
    { args: [], columns: null, context: /^off$/, summary: /^(?![\s\S]*\n {2}live)/ },
  ])('is asked for: scan $args', async ({ args, columns, context, summary }) => {
    const out = path.join(temporaryFolder(), 'out.ndjson');
    const { stderr } = await runAgent([
      'scan',
      flagged,
      '--format',
      'ndjson',
      '--out',
      out,
      ...args,
    ]);
    const [record] = parseLines<FileCertificateRecord>(readFileSync(out, 'utf8'));
    const [row] = parseLines<SweepRow>(readFileSync(`${out}.sweep.json`, 'utf8'));
    expect(record).toMatchObject({ RunningProcesses: columns, AutostartEntries: columns });
    expect(row?.LiveContext).toMatch(context);
    expect(stderr).toMatch(summary);
  });
});

function liveColumns({ FileName, RunningProcesses, AutostartEntries }: FileCertificateRecord) {
  return { FileName, RunningProcesses, AutostartEntries };
}
