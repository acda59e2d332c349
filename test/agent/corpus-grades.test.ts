import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { hasTerm } from '../../parsers/kql/has.ts';
import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import type { LookAlike } from '../../parsers/rules/match-grade.ts';
import { corpusFolder, haveShared, readOracle, sharedFolder } from '../corpus.ts';
import { parseLines, runAgent } from './run-agent.ts';
import { temporaryFolder } from './temporary-folder.ts';

const TIGHTVNC_RULE = '18f7c17b-65d4-4263-b9e2-587e84233989';

/** What the name of each file, its README and the oracle's signers imply, for files that GlavSoft has not signed. */
const lookAlikes: Readonly<Record<string, string>> = {
  'rmm/TECHSERIO_vncviewer_installer/tvnviewer.exe': 'signer-mismatch',
  // TECHSERIO has built this one without version information.
  'rmm/TECHSERIO_vncserver_installer/screenhooks32.dll': 'name-only',
  'rmm/thosoo_TightVNCViewerPortable/App/TightVNC/tvnviewer.exe': 'version-info-only',
  // The oracle's tools cannot read its headers; we find the signature, whose digest cannot match.
  'synthetic/glav-26-sizeofoptionalheader-0.bin': 'signature-untrusted',
  'rmm/OpenXenManager/vncviewer.exe': 'version-info-only',
  ...Object.fromEntries(
    [
      ...['07-dirsize-past-eof', '08-dirsize-minus-1', '09-dwLength-7', '10-dwLength-0'],
      ...['11-dwLength-ffffffff', '12-dwLength-8', '13-va-beyond-eof', '14-va-in-header'],
      ...['15-va-zero-size-nonzero', '16-size-zero', '17-va-size-overflow', '18-revision-1.0'],
      ...['19-type-x509', '20-truncated-mid-table', '21-truncated-in-wincert-header'],
      ...['22-numberofrva-4', '27-der-wrong-tag', '28-der-huge-length', '30-pkcs7-random'],
      '29-der-indefinite-length',
    ].map((mutant) => [`synthetic/glav-${mutant}.bin`, 'version-info-only']),
  ),
};

describe.skipIf(!haveShared())('grades of real files, judged with code-signing roots', () => {
  const folder = temporaryFolder();
  const gradeOf = new Map<string, string>();

  beforeAll(async () => {
    const out = path.join(folder, 'out.ndjson');
    const roots = path.join(sharedFolder, 'roots');
    const args = ['--format', 'ndjson', '--out', out, '--roots', roots];
    const { status, stderr } = await runAgent(['scan', corpusFolder, ...args]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/\d+ files flagged, \d+ look-alikes/);
    for (const record of parseLines<FileCertificateRecord>(readFileSync(out, 'utf8'))) {
      const grade = tightVncGrade(record);
      if (grade === null) continue;
      const file = path.join(record.FolderPath ?? '', record.FileName ?? '');
      const name = path.relative(corpusFolder, file);
      expect([undefined, grade], name).toContain(gradeOf.get(name));
      gradeOf.set(name, grade);
    }
  });

  const expected = new Map(Object.entries(lookAlikes));
  for (const { file, signatures } of haveShared() ? readOracle() : []) {
    const own = signatures.find(({ signer }) => isGlavSoft(signer?.subject_cn ?? null));
    if (own !== undefined)
      expected.set(file, own.verdict === 'OK' ? 'signature-trusted' : 'signature-untrusted');
  }

  test('the oracle names many files of GlavSoft, sound and broken', () => {
    const grades = [...expected.values()];
    expect(grades.filter((grade) => grade === 'signature-trusted').length).toBeGreaterThan(15);
    expect(grades.filter((grade) => grade === 'signature-untrusted').length).toBeGreaterThan(2);
  });

  test('every file of GlavSoft and every look-alike has the grade that the oracle implies, no other file has one', () => {
    expect(Object.fromEntries([...gradeOf].sort())).toEqual(
      Object.fromEntries([...expected].sort()),
    );
  });
});

function isGlavSoft(name: string | null): boolean {
  return hasTerm(name ?? '', 'glavsoft', false);
}

function tightVncGrade({ Rules, LookAlikes, MatchGrade }: FileCertificateRecord): string | null {
  if ((Rules as readonly string[]).includes(TIGHTVNC_RULE)) return MatchGrade;
  const all = LookAlikes as unknown as readonly LookAlike[];
  return all.find(({ rule }) => rule === TIGHTVNC_RULE)?.grade ?? null;
}
