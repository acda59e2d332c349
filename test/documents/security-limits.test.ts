import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { AUDIT_FILE_BYTES, AUDIT_FILES } from '../../collector/doors/audit-log.ts';
import { MAX_REFUSALS } from '../../collector/doors/failed-attempts.ts';
import {
  MAX_REQUESTS_OF_ADDRESS,
  MAX_REQUESTS_OF_TOKEN,
} from '../../collector/doors/rate-limits.ts';
import {
  CONNECTION_LIMITS,
  MAX_CONNECTIONS,
  MAX_CONNECTIONS_OF_ADDRESS,
} from '../../collector/http/connection-limits.ts';
import { MAX_HEADERS } from '../../collector/http/doubtful-headers.ts';
import { MAX_LINE_BYTES, MAX_SWEEP_BYTES } from '../../collector/ingest/parse-line.ts';
import { DEFAULT_SERVER_LIMITS } from '../../collector/server.ts';
import { DEFAULT_QUERY_LIMITS } from '../../collector/store/store.ts';
import { MAX_QUERY_LENGTH, MAX_QUERY_TOKENS } from '../../parsers/kql/query-limits.ts';

const count = (value: number) => value.toLocaleString('en-US');
const kilobytes = (bytes: number) => `${count(bytes / 1024)} KB`;
const megabytes = (bytes: number) => `${count(bytes / 1024 / 1024)} MB`;
const seconds = (milliseconds: number) => `${count(milliseconds / 1000)} s`;

/** The table of SECURITY.md, from the code. */
const limits: readonly (readonly [limit: string, value: string])[] = [
  ['connections', count(MAX_CONNECTIONS)],
  ['connections of one address, a `--trusted-proxy` apart', count(MAX_CONNECTIONS_OF_ADDRESS)],
  ['request line and headers', kilobytes(CONNECTION_LIMITS.maxHeaderSize)],
  ['headers of a request', count(MAX_HEADERS)],
  ['time to the last header', seconds(CONNECTION_LIMITS.headersTimeout)],
  ['time to the last byte of a body', seconds(CONNECTION_LIMITS.requestTimeout)],
  ['idle connection', seconds(CONNECTION_LIMITS.keepAliveTimeout)],
  ['body as it is sent', megabytes(DEFAULT_SERVER_LIMITS.sent)],
  ['body inflated', megabytes(DEFAULT_SERVER_LIMITS.inflated)],
  ['rows of a batch', count(DEFAULT_SERVER_LIMITS.rows)],
  ['line of a record', kilobytes(MAX_LINE_BYTES)],
  ['line of a sweep', kilobytes(MAX_SWEEP_BYTES)],
  ['uploads at a time', count(DEFAULT_SERVER_LIMITS.uploads)],
  ["uploads at a time of one device's token", count(DEFAULT_SERVER_LIMITS.uploadsOfDevice)],
  ["requests of a device's token a minute", count(MAX_REQUESTS_OF_TOKEN.device)],
  ["requests of a reader's or operator's token a minute", count(MAX_REQUESTS_OF_TOKEN.reader)],
  ['requests of an enrolment key a minute', count(MAX_REQUESTS_OF_TOKEN.key)],
  ['requests of an address a minute, where tokens are required', count(MAX_REQUESTS_OF_ADDRESS)],
  ['refused tokens of an address a minute before they are answered 429', count(MAX_REFUSALS)],
  ['text of a query', `${count(MAX_QUERY_LENGTH)} characters`],
  ["tokens of a query's text", count(MAX_QUERY_TOKENS)],
  ['rows of an answer', count(DEFAULT_QUERY_LIMITS.rows)],
  ['bytes of an answer', megabytes(DEFAULT_QUERY_LIMITS.bytes)],
  ['time of a query', seconds(DEFAULT_QUERY_LIMITS.milliseconds)],
  ['one file of the audit log', megabytes(AUDIT_FILE_BYTES)],
  ['files of each kind that are kept', count(AUDIT_FILES)],
];

test('the limits in SECURITY.md are those of the code, all of them and no others', () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../SECURITY.md'), 'utf8');
  const table = page.split('| limit | value | past it |\n| --- | --- | --- |\n')[1] ?? '';
  const rows = table.split('\n\n')[0]?.split('\n') ?? [];
  const written = rows.map((row) =>
    row
      .split('|')
      .slice(1, 3)
      .map((cell) => cell.trim()),
  );
  expect(written).toEqual(limits);
  expect(MAX_REQUESTS_OF_TOKEN.operator).toBe(MAX_REQUESTS_OF_TOKEN.reader);
});
