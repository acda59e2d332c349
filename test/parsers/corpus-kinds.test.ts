import { beforeAll, describe, expect, test } from 'vitest';
import type { SignatureReport } from '../../parsers/authenticode/signature-report.ts';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { haveShared, type OracleRow, type OracleSignature, readOracle } from '../corpus.ts';
import { readCorpusBytes } from './read-corpus-file.ts';
import { readSignedFile, verifyFile } from './read-signed-file.ts';

/** What one file came to: its reports, or the error that it could not be read at all. */
interface Outcome {
  readonly row: OracleRow;
  readonly reports: readonly SignatureReport[];
  readonly error: ParseError | undefined;
}

describe.skipIf(!haveShared())('every corpus file that is neither PE nor unsignable', () => {
  let outcomes: readonly Outcome[] = [];
  beforeAll(() => {
    outcomes = readOracle()
      .filter(({ kind }) => /^(ole\/msi|cab|cat|zip\/appx|script\..*)$/.test(kind))
      .map(outcomeOf);
  });

  test('has the signatures, facts and digests of the oracle', () => {
    const differences: string[] = [];
    const compared: Record<string, number> = {};
    for (const { row, reports } of outcomes)
      row.signatures.forEach((signature, index) => {
        if (signature.signer === null) return; // unsigned.cat: signify lists a signature without a signer
        const facts = factsOf(signature, reports[index]);
        compared[row.kind] = (compared[row.kind] ?? 0) + facts.length;
        for (const [name, oracle, ours] of facts)
          if (JSON.stringify(oracle) !== JSON.stringify(ours))
            differences.push(`${row.file} ${name}: ${String(ours)}, oracle ${String(oracle)}`);
      });
    console.log(`facts compared with signify by kind: ${JSON.stringify(compared)}`);
    expect(differences).toEqual([]);
    expect(compared).toEqual({ 'ole/msi': 78, cat: 65 });
  });

  test('has as many signatures as osslsigncode finds', () => {
    const counts = outcomes.map(({ row, reports }) => `${row.file}: ${reports.length}`);
    const expected = outcomes.map(({ row }) => `${row.file}: ${row.osslsigncode.sigs ?? 0}`);
    expect(counts).toEqual(expected);
    expect(counts).toHaveLength(60);
  });

  test.each([
    { file: 'jsign/minimal-signed-by-signtool.msix', why: 'signed by signtool, read by none' },
    { file: 'openauthenticode/expired-no-timestamp.ps1', why: 'content in an OCTET STRING' },
  ])('$file has the digest that was signed ($why)', ({ file }) => {
    const [report] = outcomes.find(({ row }) => row.file === file)?.reports ?? [];
    expect(report?.computedDigest).toBe(report?.embeddedDigest);
    expect(report?.findings.map(({ code }) => code)).not.toContain('TRUST_E_BAD_DIGEST');
    expect(report?.findings.map(({ code }) => code)).not.toContain('NTE_BAD_SIGNATURE');
  });

  test('that is damaged gives an error with a code, never another exception', () => {
    const codes = outcomes.flatMap(({ row, error }) =>
      error ? [`${error.code} ${row.file}`] : [],
    );
    expect(codes.filter((line) => !/jsign-fuzz|Overrides\.vsix/.test(line))).toEqual([]);
    expect(codes).toHaveLength(14);
  });
});

function outcomeOf(row: OracleRow): Outcome {
  try {
    const file = readSignedFile(row.kind, row.file, readCorpusBytes(row.file));
    return { row, reports: verifyFile(file), error: undefined };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { row, reports: [], error };
  }
}

type Fact = readonly [name: string, oracle: unknown, ours: unknown];

function factsOf(oracle: OracleSignature, ours: SignatureReport | undefined): Fact[] {
  const { signer } = oracle;
  return [
    ['digest matches', oracle.verdict !== 'INVALID_DIGEST', ours?.status !== 'HashMismatch'],
    ['digest algorithm', oracle.digest_algorithm ?? null, ours?.digestAlgorithm],
    ['embedded digest', oracle.embedded_digest ?? null, ours?.embeddedDigest],
    ['computed digest', oracle.computed_digest ?? null, ours?.computedDigest],
    ['signer', signer?.subject_cn, ours?.signer?.name],
    ['issuer', signer?.issuer_cn, ours?.signer?.issuerName],
    ['sha1', signer?.sha1, ours?.signer?.sha1],
    ['sha256', signer?.sha256, ours?.signer?.sha256],
    ['not before', second(signer?.not_before), second(ours?.signer?.notBefore)],
    ['not after', second(signer?.not_after), second(ours?.signer?.notAfter)],
    ['program name', oracle.program_name, ours?.programName],
    [
      'timestamps',
      oracle.timestamps.map(({ time }) => second(time)),
      ours?.counterSignatures.map(({ time }) => second(time)),
    ],
    [
      'timestamp signers',
      oracle.timestamps.map(({ signer_cn }) => signer_cn),
      ours?.counterSignatures.map((counterSignature) => counterSignature.signer),
    ],
  ];
}

/** Both write ISO 8601 in UTC, but end it differently. */
function second(time: string | null | undefined): string | undefined {
  return time?.slice(0, 19);
}
