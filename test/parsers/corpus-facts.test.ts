import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type {
  CertificateFacts,
  SignatureReport,
} from '../../parsers/authenticode/signature-report.ts';
import { haveShared, type OracleRow, type OracleSignature, readOracle } from '../corpus.ts';
import { imageDigest, type PeFacts, readCorpusBytes, readPeFacts } from './read-corpus-file.ts';

/** One fact of one file: what the oracle says and what we say. */
interface Fact {
  readonly file: string;
  readonly name: string;
  readonly oracle: unknown;
  readonly ours: unknown;
}

const CRL_REWRITTEN =
  'the oracle (asn1crypto) decodes %20 and lowers the host; we keep what the certificate holds';
const HEADER_ONLY = 'the oracle lists a header whose dwLength does not fit the table; we a problem';
const NO_TABLE =
  'the directory entry cannot be right: the oracle lists what is there, we a problem';

/** Every fact in which we differ, and why that is right. */
const explained: Readonly<Record<string, string>> = {
  'format-ripper/pe/IntelAudioService.exe: signature 1 CRL addresses': CRL_REWRITTEN,
  'format-ripper/pe/IntelAudioService.exe: signature 2 CRL addresses': CRL_REWRITTEN,
  'format-ripper/pe/libcrypto-1_1-x64.dll: signature 1 CRL addresses': CRL_REWRITTEN,
  'rmm/bojieli_SysinternalsSuite/ctrl2cap.amd.sys: signature 0 CRL addresses': CRL_REWRITTEN,
  'signify/0d8c2bcb575378f6a88d17b5f6ce70e794a264cdc8556c8e812f0b5f9c709198: signature 0 CRL addresses':
    CRL_REWRITTEN,
  'signify/DXCore.dll: signature 0 CRL addresses': CRL_REWRITTEN,
  'signify/SoftwareUpdate.exe: signature 0 CRL addresses': CRL_REWRITTEN,
  'yara-x/130f9b2e65bfceae8d9e7cbe205471fc8ee34c3d9996f77baa3c3ab47a3b3068: signature 1 CRL addresses':
    CRL_REWRITTEN,
  'signify/7z1900-x64_signed.exe: signature 0 issuer':
    'the issuer has no CN: the oracle gives null, we its O, as Windows does',
  'go-pe/dmdskres.dll: certificate table entries': HEADER_ONLY,
  'synthetic/glav-05-cve-2013-3900-dirsize-only.bin: certificate table entries': HEADER_ONLY,
  'synthetic/glav-08-dirsize-minus-1.bin: certificate table entries': HEADER_ONLY,
  'synthetic/glav-09-dwLength-7.bin: certificate table entries': HEADER_ONLY,
  'synthetic/glav-10-dwLength-0.bin: certificate table entries': HEADER_ONLY,
  'synthetic/glav-11-dwLength-ffffffff.bin: certificate table entries': HEADER_ONLY,
  'synthetic/glav-12-dwLength-8.bin: certificate table entries': HEADER_ONLY,
  'synthetic/glav-07-dirsize-past-eof.bin: certificate table entries': NO_TABLE,
  'synthetic/glav-14-va-in-header.bin: certificate table entries': NO_TABLE,
  'synthetic/glav-15-va-zero-size-nonzero.bin: certificate table entries': NO_TABLE,
  'synthetic/glav-20-truncated-mid-table.bin: certificate table entries': NO_TABLE,
  'synthetic/glav-26-sizeofoptionalheader-0.bin: number of signatures':
    'signify refuses SizeOfOptionalHeader 0; osslsigncode finds 1 signature, a mismatch, as we do',
};

describe.skipIf(!haveShared())('facts of every PE file of the corpus', () => {
  test('equal the oracle, but for the differences explained here', () => {
    const rows = readOracle().filter(({ kind }) => kind === 'pe32' || kind === 'pe32+');
    const facts = rows.flatMap((row) => factsOf(row, readPeFacts(readCorpusBytes(row.file))));
    const differing = facts.filter(({ ours, oracle }) => !isSame(ours, oracle));
    const unexplained = differing.filter((fact) => !(keyOf(fact) in explained));

    const lines = differing.map((fact) => `  ${keyOf(fact)}: ${explained[keyOf(fact)] ?? '???'}`);
    const counts = `${facts.length} facts of ${rows.length} files compared, ${differing.length} differ`;
    console.log([`corpus facts: ${counts}`, ...lines].join('\n'));
    expect(rows).toHaveLength(111);
    expect(unexplained).toEqual([]);
    expect(differing.map(keyOf).sort()).toEqual(Object.keys(explained).sort());
  });
});

function factsOf(row: OracleRow, { bytes, layout, entries, reports }: PeFacts): Fact[] {
  const facts: Fact[] = [];
  const add = (name: string, oracle: unknown, ours: unknown) =>
    facts.push({ file: row.file, name, oracle, ours });

  add('kind', row.kind, layout.kind);
  add('size', row.size, layout.fileSize);
  add('sha1', row.sha1, hash('sha1', bytes));
  add('sha256', row.sha256, hash('sha256', bytes));
  if (typeof row.authentihash === 'object')
    for (const [algorithm, digest] of Object.entries(row.authentihash))
      add(`authentihash ${algorithm}`, digest, imageDigest(bytes, layout, algorithm));
  add(
    'certificate table entries',
    (row.certificate_table?.entries ?? []).map(
      ({ length, rev, type }) => `${length} ${rev} ${type}`,
    ),
    entries.map((e) => `${e.length} ${e.revision.toString(16)} ${e.certificateType}`),
  );
  add('number of signatures', row.signatures.length, reports.length);
  row.signatures.forEach((signature, index) => {
    const report = reports[index];
    if (report)
      for (const [name, oracle, ours] of signatureFacts(signature, report))
        add(`signature ${index} ${name}`, oracle, ours);
  });
  return facts;
}

function signatureFacts(
  oracle: OracleSignature,
  ours: SignatureReport,
): [string, unknown, unknown][] {
  return [
    ['digest algorithm', oracle.digest_algorithm, ours.digestAlgorithm],
    ['embedded digest', oracle.embedded_digest, ours.embeddedDigest],
    ['computed digest', oracle.computed_digest, ours.computedDigest],
    ['digest matches', oracle.digest_matches, ours.status !== 'HashMismatch'],
    ['program name', oracle.program_name, ours.programName],
    ['more info', oracle.more_info, ours.moreInfo],
    ['issuer sha1', oracle.issuer_sha1, ours.issuerSha1],
    [
      'timestamp kinds',
      oracle.timestamps.map(({ kind }) => kind && kinds[kind]),
      ours.counterSignatures.map(({ kind }) => kind),
    ],
    [
      'timestamps',
      oracle.timestamps.map(({ time }) => second(time)),
      ours.counterSignatures.map(({ time }) => second(time)),
    ],
    [
      'timestamp signers',
      oracle.timestamps.map(({ signer_cn }) => signer_cn),
      ours.counterSignatures.map(({ signer }) => signer),
    ],
    ...signerFacts(oracle, ours.signer),
  ];
}

function signerFacts(
  { signer: oracle }: OracleSignature,
  ours: CertificateFacts | null,
): [string, unknown, unknown][] {
  return [
    ['signer', oracle?.subject_cn ?? oracle?.subject_o, ours?.name],
    ['issuer', oracle?.issuer_cn, ours?.issuerName],
    ['serial', oracle && derSerial(oracle.serial), ours?.serial],
    ['sha1', oracle?.sha1, ours?.sha1],
    ['sha256', oracle?.sha256, ours?.sha256],
    ['not before', second(oracle?.not_before), second(ours?.notBefore)],
    ['not after', second(oracle?.not_after), second(ours?.notAfter)],
    ['CRL addresses', oracle?.crl, ours?.crlUrls],
  ];
}

const kinds: Readonly<Record<string, string>> = {
  'pkcs9-counterSignature': 'pkcs9',
  rfc3161: 'rfc3161',
};

/** The oracle writes the number, signed and without leading zero digits; records hold the DER octets. */
function derSerial(number: string): string {
  const magnitude = number.replace('-', '');
  const octets = Math.ceil(magnitude.length / 2);
  if (magnitude === number) return number.padStart(octets * 2, '0');
  return (2n ** BigInt(octets * 8) - BigInt(`0x${magnitude}`)).toString(16);
}

/** Both write ISO 8601 in UTC, but end it differently. */
function second(time: string | null | undefined): string | undefined {
  return time?.slice(0, 19);
}

function keyOf({ file, name }: Fact): string {
  return `${file}: ${name}`;
}

function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
