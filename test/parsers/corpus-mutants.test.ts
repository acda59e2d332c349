import { describe, expect, test } from 'vitest';
import { haveShared } from '../corpus.ts';
import { readCorpusBytes, readPeFacts } from './read-corpus-file.ts';

/** Where the security directory entry of the mutated GlavSoft DLL is, and its certificate table. */
const ENTRY = 400;
const TABLE = 68096;
const PKCS7 = TABLE + 8;

/** Mutants of one real GlavSoft file, and the problems that each must be listed with. */
describe.skipIf(!haveShared())('a damaged GlavSoft file', () => {
  test.each([
    {
      name: 'glav-05-cve-2013-3900-dirsize-only',
      signatures: 1,
      problems: [`bad-length ${TABLE + 6256}`],
    },
    { name: 'glav-07-dirsize-past-eof', signatures: 0, problems: [`bad-length ${ENTRY}`] },
    { name: 'glav-08-dirsize-minus-1', signatures: 0, problems: [`bad-length ${TABLE}`] },
    { name: 'glav-09-dwLength-7', signatures: 0, problems: [`bad-length ${TABLE}`] },
    { name: 'glav-10-dwLength-0', signatures: 0, problems: [`bad-length ${TABLE}`] },
    { name: 'glav-11-dwLength-ffffffff', signatures: 0, problems: [`bad-length ${TABLE}`] },
    {
      name: 'glav-12-dwLength-8',
      signatures: 0,
      problems: [`bad-length ${PKCS7}`, `truncated ${PKCS7}`],
    },
    { name: 'glav-13-va-beyond-eof', signatures: 0, problems: [`bad-length ${ENTRY}`] },
    { name: 'glav-14-va-in-header', signatures: 0, problems: [`bad-value ${ENTRY}`] },
    { name: 'glav-15-va-zero-size-nonzero', signatures: 0, problems: [`bad-value ${ENTRY}`] },
    { name: 'glav-16-size-zero', signatures: 0, problems: [] },
    { name: 'glav-17-va-size-overflow', signatures: 0, problems: [`bad-length ${ENTRY}`] },
    { name: 'glav-18-revision-1.0', signatures: 0, problems: [`unsupported ${TABLE}`] },
    { name: 'glav-19-type-x509', signatures: 0, problems: [`unsupported ${TABLE}`] },
    { name: 'glav-20-truncated-mid-table', signatures: 0, problems: [`bad-length ${ENTRY}`] },
    {
      name: 'glav-21-truncated-in-wincert-header',
      signatures: 0,
      problems: [`bad-length ${ENTRY}`],
    },
    { name: 'glav-22-numberofrva-4', signatures: 0, problems: [] },
    { name: 'glav-26-sizeofoptionalheader-0', signatures: 1, problems: [] },
    { name: 'glav-27-der-wrong-tag', signatures: 0, problems: [`bad-value ${PKCS7}`] },
    { name: 'glav-28-der-huge-length', signatures: 0, problems: [`bad-length ${PKCS7}`] },
    { name: 'glav-29-der-indefinite-length', signatures: 0, problems: [`unsupported ${PKCS7}`] },
    { name: 'glav-30-pkcs7-random', signatures: 0, problems: [`bad-value ${PKCS7}`] },
    { name: 'glav-31-two-identical-entries', signatures: 2, problems: [] },
  ])(
    '$name has $signatures signatures and problems $problems',
    ({ name, signatures, problems }) => {
      const facts = readPeFacts(readCorpusBytes(`synthetic/${name}.bin`));
      expect(facts.reports).toHaveLength(signatures);
      expect(facts.problems.map(({ code, offset }) => `${code} ${offset}`)).toEqual(problems);
    },
  );

  test.each([
    { name: 'glav-04-cve-2013-3900-dwLength-grown', code: 'EnableCertPaddingCheck' },
    { name: 'glav-06-zero-padding-grown', code: 'EnableCertPaddingCheck' },
    { name: 'glav-33-unauthenticated-blob', code: 'UNAUTHENTICATED_ATTRIBUTE' },
  ])('$name keeps its signature, with the warning $code', ({ name, code }) => {
    const [report] = readPeFacts(readCorpusBytes(`synthetic/${name}.bin`)).reports;
    expect(report?.status).toBe('NotJudged');
    expect(report?.signer?.name).toBe('GlavSoft LLC');
    const warnings = report?.findings.filter(({ level }) => level !== 'info');
    expect(warnings).toMatchObject([{ code, level: 'warning' }]);
  });
});
