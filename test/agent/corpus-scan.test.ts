import { mkdtempSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasTerm } from '../../parsers/kql/has.ts';
import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';
import { corpusFolder, haveShared, readOracle } from '../corpus.ts';
import { parseLines, runAgent } from './run-agent.ts';
import { temporaryFolder, writeTree } from './temporary-folder.ts';

const TIGHTVNC_RULE = '18f7c17b-65d4-4263-b9e2-587e84233989';

describe.skipIf(!haveShared())('a scan of real files', () => {
  const folder = temporaryFolder();
  const byFile = new Map<string, FileCertificateRecord[]>();
  const problems = new Map<string, { reason: string; code: string; offset: number }>();
  let sweep: SweepRow;

  beforeAll(async () => {
    const out = path.join(folder, 'out.ndjson');
    const errors = path.join(folder, 'errors.ndjson');
    const args = ['--format', 'ndjson', '--out', out, '--errors', errors];
    const { status } = await runAgent(['scan', corpusFolder, ...args]);
    expect(status).toBe(1);
    sweep = JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8'));
    for (const record of parseLines<FileCertificateRecord>(readFileSync(out, 'utf8'))) {
      const file = path.join(record.FolderPath ?? '', record.FileName ?? '');
      const name = path.relative(corpusFolder, file);
      byFile.set(name, [...(byFile.get(name) ?? []), record]);
    }
    for (const { path: file, ...problem } of parseLines<{
      path: string;
      reason: string;
      code: string;
      offset: number;
    }>(readFileSync(errors, 'utf8')))
      problems.set(path.relative(corpusFolder, file), problem);
  });

  const rows = haveShared() ? readOracle() : [];
  const images = rows.filter(({ kind }) => kind === 'pe32' || kind === 'pe32+');

  test('gives every PE file a record, with the digests of the oracle', () => {
    expect(images.length).toBeGreaterThan(100);
    for (const { file, sha1, sha256, size } of images) {
      const records = byFile.get(file) ?? [];
      expect(records, file).not.toHaveLength(0);
      for (const record of records)
        expect(record, file).toMatchObject({ SHA1: sha1, SHA256: sha256, FileSize: size });
    }
  });

  test('looks at every file: what has no record is counted by kind', () => {
    const others = Object.values(sweep.OtherKinds as Record<string, number>);
    expect(sweep).toMatchObject({ Files: rows.length, Images: byFile.size, Complete: true });
    expect(others.reduce((sum, count) => sum + count, 0) + byFile.size).toBe(rows.length);
    expect(sweep.OtherKinds).toMatchObject({ mz: 2 });
  });

  test('gives an error line with code and offset for every malformed image', () => {
    for (const [file, [first]] of byFile) {
      if (first?.SignatureStatus !== 'Malformed') continue;
      expect(problems.get(file), file).toMatchObject({ reason: 'malformed' });
      expect(problems.get(file)?.offset, file).toBeTypeOf('number');
      expect(first.Findings, file).toContainEqual(expect.objectContaining({ level: 'error' }));
    }
  });

  test('flags exactly the images with a signer that has the term glavsoft', () => {
    const named = images.filter(({ signatures }) =>
      signatures.some(({ signer }) =>
        hasTerm(signer?.subject_cn ?? signer?.subject_o ?? '', 'glavsoft', false),
      ),
    );
    const flagged = [...byFile].filter(([, records]) =>
      records.some(({ Rules }) => Array.isArray(Rules) && Rules.includes(TIGHTVNC_RULE)),
    );
    expect(named.length).toBeGreaterThan(10);
    const flaggedFiles = new Set(flagged.map(([file]) => file));
    expect(named.map(({ file }) => file).filter((file) => !flaggedFiles.has(file))).toEqual([]);
    for (const [file, records] of flagged)
      expect(
        records.some(({ Signer }) => hasTerm(Signer ?? '', 'glavsoft', false)),
        file,
      ).toBe(true);
  });

  test('says of the tampered server that claims GlavSoft that its digest is wrong', () => {
    const records = byFile.get('rmm/maxlinus_TightVNCHELPDESK/VNCServ.exe');
    expect(records).toMatchObject([
      {
        SignatureStatus: 'HashMismatch',
        IsTrusted: false,
        MatchGrade: 'signature-untrusted',
        Rules: [TIGHTVNC_RULE],
      },
    ]);
    expect(records?.[0]?.Findings).toContainEqual(
      expect.objectContaining({ code: 'TRUST_E_BAD_DIGEST', level: 'error' }),
    );
  });

  test('does not flag TightVNC re-signed by another vendor, nor an unsigned viewer', () => {
    const resigned = [...byFile.values()]
      .flat()
      .filter(({ Signer }) => hasTerm(Signer ?? '', 'TECHSERIO', false));
    const viewers = [...byFile.values()]
      .flat()
      .filter(({ FileName, IsSigned }) => !IsSigned && FileName === 'tvnviewer.exe');
    expect(resigned.length).toBeGreaterThan(0);
    expect(viewers.length).toBeGreaterThan(0);
    for (const { Rules } of [...resigned, ...viewers]) expect(Rules).toEqual([]);
  });

  test('keeps a GlavSoft file in sight when one byte of its signature is broken', async () => {
    const source = images.find(
      ({ file }) => file.endsWith('tvnviewer.exe') && file.includes('2.8.11'),
    );
    const table = source?.certificate_table;
    if (source === undefined || table === undefined) throw new Error('not in the corpus');
    const bytes = readFileSync(path.join(corpusFolder, source.file));
    const tag = table.offset + 8; // the SEQUENCE of the ContentInfo
    bytes[tag] = 0x31;
    const broken = mkdtempSync(path.join(folder, 'broken-'));
    writeTree(broken, { 'tvnviewer.exe': bytes });
    const { stdout, status } = await runAgent(['scan', broken, '--format', 'ndjson']);
    expect(status).toBe(1);
    expect(parseLines<FileCertificateRecord>(stdout)).toMatchObject([
      {
        FileName: 'tvnviewer.exe',
        Rules: [],
        LookAlikes: [{ rule: TIGHTVNC_RULE, grade: 'version-info-only' }],
        MatchGrade: 'version-info-only',
        IsSigned: false,
        SignatureStatus: 'Malformed',
        IsTrusted: false,
        Findings: [{ code: 'TRUST_E_NOSIGNATURE', level: 'error' }],
      },
    ]);
  });
});
