import type { FileCertificateRecord, SweepRow } from '../../parsers/record/columns.ts';
import {
  type ParsedRow,
  parseFileCertificateRecord,
  parseSweepRow,
} from '../../parsers/record/parse-record.ts';
import type { IngestTable } from '../store/store.ts';

/** Bytes of one NDJSON line. A record has about 1,500; one with a full string in every column has no business here. */
export const MAX_LINE_BYTES = 256 * 1024;
/** Bytes of one row of AgentSweepInfo, which may list 1,000 files that are gone. */
export const MAX_SWEEP_BYTES = 1024 * 1024;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The bytes of one line as a row of `table`. Bytes that are not UTF-8 are a problem, not replacement characters. */
export function parseLine(
  table: IngestTable,
  bytes: Uint8Array,
  line: number,
): ParsedRow<FileCertificateRecord | SweepRow> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return {
      kind: 'bad',
      problems: [{ code: 'not-utf8', line, column: null, message: 'this line is not UTF-8' }],
    };
  }
  return table === 'AgentSweepInfo'
    ? parseSweepRow(text, line)
    : parseFileCertificateRecord(text, line);
}

/** A line of spaces only, as after the last row. Such lines count as lines, not as rows. */
export function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

/** `bytes` without a UTF-8 byte order mark, which some exporters put before the first line. */
export function withoutBom(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
