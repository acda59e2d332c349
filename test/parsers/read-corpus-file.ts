import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { digestAlgorithmsOf, readSignatures } from '../../parsers/authenticode/read-signatures.ts';
import type { SignatureReport } from '../../parsers/authenticode/signature-report.ts';
import type { VerificationContext } from '../../parsers/authenticode/verification-context.ts';
import { verifySignature } from '../../parsers/authenticode/verify-signature.ts';
import { ByteReader } from '../../parsers/bytes/byte-reader.ts';
import { memorySource } from '../../parsers/bytes/file-source.ts';
import type { ParseError } from '../../parsers/bytes/parse-error.ts';
import { imageDigestRanges } from '../../parsers/pe/image-digest.ts';
import { type PeLayout, readPeLayout } from '../../parsers/pe/pe-layout.ts';
import { verifyPageHashes } from '../../parsers/pe/verify-page-hashes.ts';
import { readWinCertificates, type WinCertificate } from '../../parsers/pe/win-certificate.ts';
import { corpusFolder } from '../corpus.ts';

/** Everything the parsers say of one PE file. */
export interface PeFacts {
  readonly bytes: Uint8Array;
  readonly layout: PeLayout;
  readonly entries: readonly WinCertificate[];
  readonly reports: readonly SignatureReport[];
  readonly problems: readonly ParseError[];
}

export function readCorpusBytes(file: string): Uint8Array {
  return readFileSync(path.join(corpusFolder, file));
}

/** When the corpus was judged, as on a host where no roots are at hand. */
export const withoutRoots: VerificationContext = {
  now: '2026-11-24T00:00:00Z',
  anchors: undefined,
};

/** Takes the whole way from bytes to reports, as the agent does, but with the file in memory. */
export function readPeFacts(bytes: Uint8Array, context = withoutRoots): PeFacts {
  const file = new ByteReader(bytes);
  const layout = readPeLayout(file, bytes.length);
  const { certificateTable: range, certificateTableProblem: problem } = layout;
  if (range === null)
    return { bytes, layout, entries: [], reports: [], problems: problem ? [problem] : [] };

  const table = readWinCertificates(file, range);
  const { signatures, problems } = readSignatures(table);
  const digests = new Map(
    digestAlgorithmsOf(signatures).map((name) => [name, imageDigest(bytes, layout, name)]),
  );
  const reports = signatures.map((signature, index) => {
    const pages = verifyPageHashes(memorySource(bytes), layout, signature.pageHashes);
    return verifySignature(signature, index, digests, context, pages);
  });
  return { bytes, layout, entries: table.certificates, reports, problems };
}

export function imageDigest(bytes: Uint8Array, layout: PeLayout, algorithm: string): string {
  const hash = createHash(algorithm);
  for (const { offset, size } of imageDigestRanges(layout))
    hash.update(bytes.subarray(offset, offset + size));
  return hash.digest('hex');
}
