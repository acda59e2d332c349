import { createHash } from 'node:crypto';
import type { Finding } from '../authenticode/signature-report.ts';
import type { SpcPageHashes } from '../authenticode/spc-page-hashes.ts';
import { type ByteRange, ByteReader } from '../bytes/byte-reader.ts';
import { equalBytes } from '../bytes/equal-bytes.ts';
import { type FileSource, readWindow } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';
import { imageDigestRanges } from './image-digest.ts';
import type { PeLayout } from './pe-layout.ts';
import { readSections, type Section } from './section-table.ts';

/** Bytes. SectionAlignment may be larger; pages are of this size all the same. */
const PAGE_SIZE = 4096;
const SIZE_OF_HEADERS = 84;
const OFFSET_SIZE = 4;
const digestSizes = { sha1: 20, sha256: 32 } as const;
/** Offsets that a finding names. */
const MAX_NAMED = 8;

/**
 * Checks every page of an image against its hash: TRUST_E_BAD_DIGEST with the file offsets of those that differ, so that the
 * reader sees where a file was changed. Reads the file once more for a signature that has page hashes, which few have.
 *
 * The headers are the first page, without what the image digest leaves out; then come the sections' raw data, page by page.
 * A page that is not full is filled up with zeros. One last entry has the end of the raw data and zeros for a digest.
 * Source: Authenticode_PE.docx names the structure alone; the calculation is osslsigncode's pe_page_hash_calc.
 */
export function verifyPageHashes(
  source: FileSource,
  layout: PeLayout,
  hashes: SpcPageHashes | undefined,
): Finding[] {
  if (hashes === undefined) return [];
  try {
    return mismatches(source, layout, hashes);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return [badDigest(`the page hashes cannot be checked: ${error.message}`)];
  }
}

/** What one entry covers. `length` is that of the page with its zeros, from which the headers' gaps are missing. */
interface Page {
  readonly offset: number;
  readonly ranges: readonly ByteRange[];
  readonly length: number;
}

function mismatches(source: FileSource, layout: PeLayout, hashes: SpcPageHashes): Finding[] {
  const { algorithm, table } = hashes;
  const parts = readParts(source, layout);
  const count = parts.sections.reduce((sum, { size }) => sum + Math.ceil(size / PAGE_SIZE), 1);
  const entrySize = OFFSET_SIZE + digestSizes[algorithm];
  if (table.length !== (count + 1) * entrySize) {
    const entries = Math.floor(table.length / entrySize) - 1;
    return [badDigest(`there are page hashes for ${entries} pages, the file has ${count}`)];
  }
  const entries = new ByteReader(table);
  const different: number[] = [];
  let at = 0;
  for (const page of pagesOf(layout, parts)) {
    const digest = entries.slice({ offset: at + OFFSET_SIZE, size: digestSizes[algorithm] });
    const isRight =
      entries.u32(at) === page.offset && equalBytes(digestOf(source, page, algorithm), digest);
    if (!isRight) different.push(page.offset);
    at += entrySize;
  }
  if (different.length === 0) return [];
  const named = different.slice(0, MAX_NAMED).join(', ');
  const more = different.length > MAX_NAMED ? ', ...' : '';
  const detail = `${different.length} of ${count} pages differ from their page hashes, at ${named}${more}`;
  return [badDigest(detail)];
}

interface Parts {
  readonly headerSize: number;
  readonly sections: readonly Section[];
}

/** Together no larger than the file: sections that overlap could have it digested many times over. */
function readParts(source: FileSource, layout: PeLayout): Parts {
  const at = layout.ntHeadersOffset + SIZE_OF_HEADERS;
  const headerSize = readWindow(source, { offset: at, size: 4 }).u32(at);
  const sections = readSections(source, layout.sectionTable).filter(({ size }) => size > 0);
  const total = sections.reduce((sum, { size }) => sum + size, headerSize);
  if (headerSize > PAGE_SIZE || total > layout.fileSize)
    throw new ParseError('bad-length', at, 'headers and sections do not fit the file');
  return { headerSize, sections };
}

function* pagesOf(layout: PeLayout, { headerSize, sections }: Parts): Generator<Page> {
  const ranges = within(imageDigestRanges(layout), headerSize);
  const left = ranges.reduce((sum, { size }) => sum + size, 0);
  yield { offset: 0, ranges, length: PAGE_SIZE - headerSize + left };
  for (const { fileOffset, size } of sections)
    for (let at = 0; at < size; at += PAGE_SIZE) {
      const range = { offset: fileOffset + at, size: Math.min(PAGE_SIZE, size - at) };
      yield { offset: range.offset, ranges: [range], length: PAGE_SIZE };
    }
}

/** The part of the ranges that lies before `end`. */
function within(ranges: readonly ByteRange[], end: number): ByteRange[] {
  return ranges
    .filter(({ offset }) => offset < end)
    .map(({ offset, size }) => ({ offset, size: Math.min(size, end - offset) }));
}

function digestOf(source: FileSource, { ranges, length }: Page, algorithm: string): Uint8Array {
  const hash = createHash(algorithm);
  let size = 0;
  for (const range of ranges) {
    hash.update(source.read(range));
    size += range.size;
  }
  return hash.update(new Uint8Array(length - size)).digest();
}

function badDigest(detail: string): Finding {
  return { code: 'TRUST_E_BAD_DIGEST', level: 'error', detail };
}
