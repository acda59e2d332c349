import { linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { SweepTally } from '../../../agent/report/sweep-tally.ts';
import { nothingLeftOut } from '../../../agent/walk/left-out-mounts.ts';
import { pathFilter } from '../../../agent/walk/path-filter.ts';
import { resolveRoots } from '../../../agent/walk/scan-roots.ts';
import { walk } from '../../../agent/walk/walk.ts';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { peBytes } from '../pe-bytes.ts';
import { parseLines, runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { walkAll } from './walk-all.ts';

const folder = temporaryFolder();

/** The bytes of a name in Latin-1, and what a record calls it. */
const NAMES: readonly { name: string; bytes: Buffer; shown: string }[] = [
  ...[
    { name: 'a line break', text: 'line\nbreak.exe' },
    { name: 'a carriage return', text: 'back\rto.exe' },
    { name: 'blanks at both ends', text: ' blank.exe ' },
    { name: 'nothing but a blank', text: ' ' },
    { name: 'a dot at the end', text: 'dot.exe.' },
    { name: 'quotes', text: `it's "quoted" \`here\`.exe` },
    { name: 'a backslash', text: 'back\\slash.exe' },
    { name: 'what a shell would run', text: '$(reboot);`x`|&.exe' },
    { name: 'an option', text: '--no-unsigned' },
    { name: 'a glob', text: '**[a-z]{x}?.exe' },
    { name: 'a terminal sequence', text: 'a\u001b[2Jb.exe' },
    { name: 'a right-to-left override', text: 'gpj\u202eexe.exe' },
    { name: 'a line separator', text: 'a\u2028b.exe' },
    { name: 'é composed', text: '\u00e9.exe' },
    { name: 'é decomposed, its twin', text: 'e\u0301.exe' },
    { name: 'the replacement character', text: '\ufffd.exe' },
    { name: 'an astral character', text: '🔒.exe' },
    { name: '255 bytes', text: `${'n'.repeat(251)}.exe` },
    { name: 'the drive of another system', text: 'C:' },
  ].map(({ name, text }) => ({ name, bytes: Buffer.from(text), shown: text })),
  { name: 'a byte that is not UTF-8', bytes: Buffer.from('bad\xff', 'latin1'), shown: 'bad\\xff' },
  { name: 'another such byte', bytes: Buffer.from('bad\xfe', 'latin1'), shown: 'bad\\xfe' },
  { name: 'a surrogate', bytes: Buffer.from('eda080', 'hex'), shown: '\\xed\\xa0\\x80' },
];

describe('a file, and a folder, whose name has', async () => {
  const root = path.join(folder, 'names');
  mkdirSync(root);
  const below = (...parts: Buffer[]) =>
    Buffer.concat([Buffer.from(root), ...parts.flatMap((part) => [Buffer.from('/'), part])]);
  for (const { bytes } of NAMES) {
    mkdirSync(below(Buffer.concat([Buffer.from('in'), bytes.subarray(0, 253)])));
    writeFileSync(
      below(Buffer.concat([Buffer.from('in'), bytes.subarray(0, 253)]), bytes),
      peBytes(),
    );
  }
  const out = path.join(folder, 'names.ndjson');
  const errors = path.join(folder, 'errors.ndjson');
  const args = ['scan', root, '--format', 'ndjson', '--out', out, '--errors', errors];
  const { status } = await runAgent(args);
  const records = parseLines<FileCertificateRecord>(readFileSync(out, 'utf8'));

  test('any of them is read, and nothing is listed as a problem', () => {
    expect({ status, errors: readFileSync(errors, 'utf8') }).toEqual({ status: 0, errors: '' });
    expect(records).toHaveLength(NAMES.length);
  });

  test.each(NAMES)('$name has one record of its own', ({ shown }) => {
    const found = records.filter(({ FileName }) => FileName === shown);
    expect(found).toHaveLength(1);
    expect(found[0]?.FolderPath?.startsWith(path.join(root, 'in'))).toBe(true);
  });
});

test('100,000 files in one folder are all passed on, and only as far as they are asked for', () => {
  const root = path.join(folder, 'crowd');
  mkdirSync(root);
  // Two files with 50,000 names each: ext4 allows 65,000, and a name is made faster than a file.
  writeTree(folder, { first: '', second: '' });
  for (let index = 0; index < 100_000; index++)
    linkSync(
      path.join(folder, index % 2 ? 'first' : 'second'),
      path.join(root, `${'name'.repeat(6)}${index}`),
    );
  writeFileSync(Buffer.from(`${root}/bad\xff`, 'latin1'), '');
  const { files, tally, reasons } = walkAll([root]);
  expect(new Set(files).size).toBe(100_001);
  expect(files).toHaveLength(100_001);
  expect(reasons).toEqual([]);
  expect(tally.unseen).toBe(0);

  const asked = new SweepTally(() => {});
  const options = { filter: pathFilter([], []), oneFileSystem: false, leftOut: nothingLeftOut };
  walk({ ...resolveRoots([root]), ...options }, asked).next();
  expect(asked.entries).toBeLessThan(100);
}, 240_000);
