import type { FileCertificateRecord } from '../../parsers/record/columns.ts';
import { type ParsedRow, parseFileCertificateRecord } from '../../parsers/record/parse-record.ts';
import type { RowProblem } from '../../parsers/record/row-problem.ts';

/** Bytes of one NDJSON line. A record has about 1,500; one with a full string in every column has no business here. */
export const MAX_LINE_BYTES = 256 * 1024;
/** Bytes of one row of AgentSweepInfo, which may list 1,000 files that are gone. */
export const MAX_SWEEP_BYTES = 1024 * 1024;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of one line; undefined where its bytes are not UTF-8: they are a problem, not replacement characters. */
export function decodeLine(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}

export function notUtf8(line: number): RowProblem {
  return { code: 'not-utf8', line, column: null, message: 'this line is not UTF-8' };
}

/** The bytes of one line as a record. */
export function parseLine(bytes: Uint8Array, line: number): ParsedRow<FileCertificateRecord> {
  const text = decodeLine(bytes);
  return text === undefined
    ? { kind: 'bad', problems: [notUtf8(line)] }
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
