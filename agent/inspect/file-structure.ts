import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { AuthenticodeSignature } from '../../parsers/authenticode/authenticode-signature.ts';
import { readSignatures } from '../../parsers/authenticode/read-signatures.ts';
import { attemptParse } from '../../parsers/bytes/attempt-parse.ts';
import type { ByteRange } from '../../parsers/bytes/byte-reader.ts';
import { type PeLayout, readPeLayout } from '../../parsers/pe/pe-layout.ts';
import type { WinCertificateTable } from '../../parsers/pe/win-certificate.ts';
import { fsPath } from '../walk/disk-path.ts';
import { descriptorSource } from './descriptor-source.ts';
import { readCertificates, readPeHeader } from './read-pe.ts';
import { kindReaderOf } from './signed-kinds.ts';
import { sniff } from './sniff.ts';

/** Where things are in a file, for a person who wants to look at the bytes. Offsets are file offsets, sizes bytes. */
export interface FileStructure {
  /** undefined for any other kind than PE, and for headers that cannot be read. */
  readonly image: ImageStructure | undefined;
  /** In the order of the file's SignatureReports. */
  readonly signatures: readonly SignatureStructure[];
}

export interface ImageStructure {
  readonly format: PeLayout['kind'];
  readonly ntHeadersOffset: number;
  readonly checksumOffset: number;
  readonly certificateTable: ByteRange | null;
  readonly entries: readonly {
    readonly offset: number;
    readonly length: number;
    readonly revision: number;
    readonly certificateType: number;
  }[];
  /** Of the table, behind its last entry. */
  readonly trailing: ByteRange;
  /** Of the file, behind the table: none where a signature is the last thing that was done to the file. */
  readonly bytesAfterTable: number;
}

export interface SignatureStructure {
  /** Of the PKCS#7. */
  readonly offset: number;
  readonly certificates: number;
  /** Between the PKCS#7 and the end of its entry. */
  readonly padding: { readonly size: number; readonly isZero: boolean };
  /** What stands in a signature without being covered by it. */
  readonly unauthenticatedAttributes: readonly { readonly type: string; readonly size: number }[];
}

const HEADER_SIZE = 4096;

/** Reads the file anew, but not its content: what is malformed is left out here, inspectFile says why. */
export function readStructure(path: string): FileStructure {
  const descriptor = openSync(fsPath(path), 'r');
  try {
    const header = Buffer.alloc(HEADER_SIZE);
    const kind = sniff(header.subarray(0, readSync(descriptor, header, 0, HEADER_SIZE, 0)));
    const { size } = fstatSync(descriptor);
    if (kind === 'mz') return imageStructure(descriptor, size);
    const read = () => kindReaderOf(kind, path)?.read(descriptorSource(descriptor, size), path);
    return { image: undefined, signatures: (attemptParse(read)?.signatures ?? []).map(signature) };
  } finally {
    closeSync(descriptor);
  }
}

function imageStructure(descriptor: number, fileSize: number): FileStructure {
  const header = readPeHeader(descriptor);
  const layout =
    header && attemptParse(() => readPeLayout(header.window, fileSize, header.ntHeaders));
  if (layout === undefined) return { image: undefined, signatures: [] };
  const table = readCertificates(descriptor, layout);
  return {
    image: image(layout, table, fileSize),
    signatures: readSignatures(table).signatures.map(signature),
  };
}

function image(layout: PeLayout, table: WinCertificateTable, fileSize: number): ImageStructure {
  const { kind, ntHeadersOffset, checksumOffset, certificateTable: range } = layout;
  return {
    format: kind,
    ntHeadersOffset,
    checksumOffset,
    certificateTable: range,
    entries: table.certificates.map(({ offset, length, revision, certificateType }) => {
      return { offset, length, revision, certificateType };
    }),
    trailing: table.trailing,
    bytesAfterTable: range === null ? 0 : fileSize - range.offset - range.size,
  };
}

function signature(parsed: AuthenticodeSignature): SignatureStructure {
  return {
    offset: parsed.offset,
    certificates: parsed.certificates.length,
    padding: parsed.padding,
    unauthenticatedAttributes: parsed.signerInfo.unsignedAttributes.map(({ type, values }) => ({
      type,
      size: values.reduce((sum, { encoded }) => sum + encoded.length, 0),
    })),
  };
}
