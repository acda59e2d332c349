import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkHeaders } from '../../../agent/inspect/check-headers.ts';
import { inspectPaths } from '../../../agent/inspect/inspect-batch.ts';
import { peBytes } from '../pe-bytes.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';

const folder = temporaryFolder();
const LAST_LINE = '# SIG # End signature block\r\n';
const jsEnd = Buffer.from('// SIG // End signature block\r\n', 'utf16le');

const plain = {
  'empty.js': '',
  'text.txt': LAST_LINE,
  'a.js': 'const a = 1;\n',
  'large.ps1': 'x'.repeat(20_000),
  tool: '#!/bin/sh\n',
  elf: '\x7fELF\x02\x01\x01\0',
  'a.gz': Buffer.from('1f8b0808', 'hex'),
  'cert.p7b': Buffer.from('3082208906092a864886f70d010702a082207a308220760201', 'hex'),
};
const signable = {
  'a.exe': peBytes(),
  'dos.exe': Buffer.alloc(4096, 'MZ'),
  'signed.ps1': `x\r\n${LAST_LINE}`,
  'signed-large.psm1': `${'x'.repeat(20_000)}${LAST_LINE}`,
  'signed-utf16.js': Buffer.concat([Buffer.alloc(5000), jsEnd]),
  'signed-big-endian.js': Buffer.from(jsEnd).swap16(),
  'looks-like-bzip2.ps1': `BZh9 = 1\r\n${LAST_LINE}`,
  'a.msi': Buffer.from('d0cf11e0a1b11ae1', 'hex'),
  'a.cab': 'MSCF    ',
  'a.zip': 'PK\x03\x04',
};
writeTree(folder, { ...plain, ...signable });
const pathsOf = (files: object) => Object.keys(files).map((name) => path.join(folder, name));

describe('checkHeaders', () => {
  test('leaves what may be signed to a worker, and counts the rest', () => {
    const paths = [...pathsOf(plain), ...pathsOf(signable)];
    const { result, signable: left } = checkHeaders(paths, { stopped: () => false });
    expect(left).toEqual(pathsOf(signable));
    expect(result).toMatchObject({ files: 8, images: [], problems: [] });
    expect(result.otherKinds).toEqual({
      empty: 1,
      other: 1,
      script: 3,
      elf: 1,
      archive: 1,
      pkcs7: 1,
    });
  });

  test('says of plain files what a worker says', () => {
    const context = { now: '2026-11-24T00:00:00Z', anchors: undefined };
    const options = { maxFileSize: 1e9, stopped: () => false, context };
    const paths = [...pathsOf(plain), path.join(folder, 'missing')];
    const byWorker = inspectPaths(paths.join('\0'), options);
    expect(checkHeaders(paths, { stopped: () => false }).result).toEqual(byWorker);
    expect(byWorker.problems).toMatchObject([{ reason: 'gone', code: 'ENOENT' }]);
  });

  test('takes up nothing more once it is stopped', () => {
    const { result, signable } = checkHeaders(pathsOf(plain), { stopped: () => true });
    expect(result.files).toBe(0);
    expect(signable).toEqual([]);
  });

  test('changes nothing on disk', () => {
    const { result } = checkHeaders(pathsOf(plain), { stopped: () => false });
    expect(result.files).toBe(8);
    for (const [name, content] of Object.entries(plain))
      expect(readFileSync(path.join(folder, name))).toEqual(Buffer.from(content));
  });
});
