import { describe, expect, test } from 'vitest';
import type { ExportItem, ExportOptions } from '../../../parsers/exports/export-row.ts';
import { readExport } from '../../../parsers/exports/read-export.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';

const TIME = '2026-11-24T19:36:49.1234567Z';
const row = {
  Timestamp: TIME,
  DeviceId: 'a'.repeat(40),
  DeviceName: 'host.example',
  SHA1: 'b'.repeat(40),
  IsSigned: true,
  Signer: 'GlavSoft "LLC", x{]',
  CertificateExpirationTime: '2027-01-02T00:00:00Z',
  IsTrusted: null,
  ReportId: 7,
  TenantId: 't',
};
const names = Object.keys(row);
const values = Object.values(row);
const category = 'AdvancedHunting-DeviceFileCertificateInfo';
const event = { time: TIME, tenantId: 't', category, properties: row };
const other = { ...event, category: 'AdvancedHunting-DeviceInfo' };
const columns = names.map((name) => ({ name, type: 'string' }));
const utc = names.map((name) => (/Time/.test(name) ? `${name} [UTC]` : name));

describe('one row', () => {
  test.each([
    { format: 'eventhub', text: JSON.stringify({ records: [other, event] }) },
    { format: 'eventhub', text: jsonLines({ records: [event] }, other) },
    { format: 'eventhub', text: jsonLines(other, event) },
    { format: 'eventhub', text: JSON.stringify([other, event], null, 2) },
    { format: 'eventhub', text: JSON.stringify({ records: [other] }, null, 2) + jsonLines(event) },
    { format: 'eventhub', text: `${JSON.stringify(event, null, 2)}\n${JSON.stringify(other)}` },
    { format: 'graph', text: JSON.stringify({ schema: columns, results: [row] }, null, 2) },
    { format: 'graph', text: JSON.stringify({ '@odata.context': 'x', results: [row] }) },
    {
      format: 'defender-api',
      text: JSON.stringify({ Stats: { a: [1] }, Schema: [], Results: [{ ...row, IsSigned: 1 }] }),
    },
    {
      format: 'log-analytics',
      text: JSON.stringify({ tables: [{ name: 'PrimaryResult', columns, rows: [values] }] }),
    },
    { format: 'log-analytics-csv', text: csv(utc, values) },
    {
      format: 'log-analytics-csv',
      text: csv(utc, ['11/24/2026, 7:36:49.1234567\u202fPM', ...values.slice(1)], '\t', '\n'),
    },
    { format: 'portal-csv', text: csv(names, values, ';') },
    { format: 'portal-csv', text: `sep=;\r\n${csv(names, values, ';')}` },
    {
      format: 'portal-csv',
      text: csv(names, ['Nov 24, 2026 8:36:49.1234567 PM', ...values.slice(1)]),
      timeZone: 'Europe/Berlin',
    },
    {
      format: 'portal-csv',
      text: csv(names, ['24/11/2026 20:36:49.1234567', ...values.slice(1)]),
      timeZone: '+01:00',
    },
    { format: 'ndjson', text: jsonLines(row) },
    { format: 'ndjson', text: JSON.stringify([row]) },
  ])('of $format is read in steps of any size: $text', async ({ format, text, timeZone }) => {
    const marked = `\ufeff${text}`;
    for (const bytes of [Buffer.from(text), Buffer.from(marked), Buffer.from(marked, 'utf16le')]) {
      for (const step of [1, 7, 1_000_000]) {
        const items = await collect(bytes, { ...(timeZone && { timeZone }) }, step);
        expect(items[0]).toEqual({ kind: 'format', format });
        expect(items[1]).toMatchObject({
          kind: 'row',
          row: {
            Timestamp: parseDatetime(TIME),
            DeviceName: 'host.example',
            IsSigned: true,
            Signer: 'GlavSoft "LLC", x{]',
            CertificateExpirationTime: parseDatetime('2027-01-02T00:00:00Z'),
            IsTrusted: null,
            ReportId: 7n,
            IssuerHash: null,
          },
        });
        const otherRows = text.includes('AdvancedHunting-DeviceInfo') ? 1 : 0;
        const droppedColumns = new Map([['TenantId', 1]]);
        const counts = { rows: 1, bad: 0, otherRows, droppedColumns };
        expect(items[2]).toEqual({ kind: 'end', counts });
      }
    }
  });

  test('has a ReportId past 2^53 to the last digit', async () => {
    const text = `{"Timestamp":"${TIME}","DeviceId":"d","ReportId":9007199254740993}`;
    expect((await collect(text))[1]).toMatchObject({ row: { ReportId: 9007199254740993n } });
  });
});

describe('a bad row costs itself', () => {
  const at = `{"Timestamp":"${TIME}"`;
  test.each([
    { name: 'a cut line', line: '{"Timestamp":"2026', code: 'not-json', column: null },
    { name: 'an array', line: '[1]', code: 'not-an-object', column: null },
    { name: 'no time', line: '{"DeviceId":"d"}', code: 'missing-column', column: 'Timestamp' },
    { name: 'no device', line: `${at}}`, code: 'missing-column', column: 'DeviceId' },
    { name: 'a number as date', line: '{"Timestamp":5}', code: 'wrong-type', column: 'Timestamp' },
    { name: 'a text', line: `${at},"IsSigned":"x"}`, code: 'wrong-type', column: 'IsSigned' },
    {
      name: 'a long of more than 64 bits',
      line: `${at},"ReportId":9999999999999999999}`,
      code: 'wrong-type',
      column: 'ReportId',
    },
    {
      name: 'a long text',
      line: `${at},"Signer":"${'x'.repeat(40_000)}"}`,
      code: 'too-long',
      column: 'Signer',
    },
  ])('in JSON Lines: $name', async ({ line, code, column }) => {
    const items = await collect(`${JSON.stringify(row)}\n${line}\n${JSON.stringify(row)}\n`);
    expect(items[2]).toMatchObject({ kind: 'bad', problem: { place: 2, code, column } });
    expect(items[4]).toMatchObject({ kind: 'end', counts: { rows: 2, bad: 1 } });
  });

  test.each([
    { name: 'too few cells', line: 'd', code: 'cell-count' },
    { name: 'text after a closing quote', line: '"d"x,2026-11-24T00:00:00Z', code: 'bad-quotes' },
    { name: '30 February', line: 'd,2026-02-30 00:00:00', code: 'bad-date' },
    { name: 'an hour left out', line: 'd,2026-03-29 02:30:00', code: 'no-such-local-time' },
    { name: 'an hour shown twice', line: 'd,2026-10-25 02:30:00', code: 'local-time-twice' },
    { name: 'no UTF-8', line: '\ufffd,2026-03-29 05:30:00', code: 'not-utf8' },
  ])('in CSV: $name', async ({ line, code }) => {
    const first = 'DeviceId,Timestamp\n"a\nb",2026-06-01 02:00:00\n';
    const items = await collect(`${first}${line}\nd,2026-10-25 03:00:00\n`, {
      timeZone: 'Europe/Berlin',
    });
    expect(items[1]).toMatchObject({
      row: { DeviceId: 'a\nb', Timestamp: parseDatetime('2026-06-01T00:00:00Z') },
    });
    expect(items[2]).toMatchObject({ kind: 'bad', problem: { place: 4, code } });
    expect(items[3]).toMatchObject({ row: { Timestamp: parseDatetime('2026-10-25T02:00:00Z') } });
  });
});

describe('dates that may be day first or month first are read where', () => {
  test.each([
    { name: 'a later row settles day first', dates: ['03/04/2026', '13/04/2026'], day: '04-03' },
    { name: 'a later row settles month first', dates: ['03/04/2026', '04/13/2026'], day: '03-04' },
    { name: 'the option does', dates: ['03/04/2026'], dateOrder: 'dmy' as const, day: '04-03' },
    { name: 'day and month are the same', dates: ['04/04/2026'], day: '04-04' },
  ])('$name', async ({ dates, day, dateOrder }) => {
    const lines = dates.map((date) => `d,${date} 10:00:00\n`).join('');
    const options = { ...(dateOrder && { dateOrder }) };
    const items = await collect(`DeviceId,Timestamp [UTC]\n${lines}`, options);
    const Timestamp = parseDatetime(`2026-${day}T10:00:00Z`);
    expect(items[1]).toMatchObject({ row: { Timestamp } });
    expect(items.at(-1)).toMatchObject({ counts: { rows: dates.length, bad: 0 } });
  });
});

describe('an export that cannot be read', () => {
  const array = JSON.stringify({ schema: columns, results: [row, row] });
  const head = 'DeviceId,Timestamp';
  const partial = { tables: [{ columns, rows: [values] }], error: { code: 'PartialError' } };
  test.each([
    { name: 'nothing', text: ' \n', code: 'empty', rows: 0 },
    { name: 'prose', text: 'Dear colleague', code: 'unknown-format', rows: 0 },
    { name: 'other JSON', text: '{"a":1}', code: 'unknown-format', rows: 0 },
    { name: 'NULs', text: '\0\0\0\0', code: 'not-text', rows: 0 },
    { name: 'a cut second row', text: array.slice(0, -20), code: 'truncated', rows: 1 },
    { name: 'a bracket too many', text: `${array}}`, code: 'bad-json', rows: 2 },
    { name: 'nesting', text: `{"results":[${'['.repeat(9_999)}`, code: 'too-deep', rows: 0 },
    { name: 'an error', text: '{"results":[],"error":{}}', code: 'service-error', rows: 0 },
    { name: 'part of it', text: JSON.stringify(partial), code: 'partial-result', rows: 1 },
    {
      name: 'a number among rows',
      text: `{"results":[${JSON.stringify(row)},7]}`,
      code: 'bad-json',
      rows: 1,
    },
    {
      name: 'no array of rows',
      text: '{"schema":[],"results":{"a":[{}]}}',
      code: 'bad-json',
      rows: 0,
    },
    {
      name: 'rows without columns',
      text: '{"tables":[{"rows":[[1]]}]}',
      code: 'bad-json',
      rows: 0,
    },
    { name: 'a text after the end', text: `${array}"x"`, code: 'bad-json', rows: 2 },
    { name: 'a summary', text: 'DeviceId,Timestamp_max\n', code: 'missing-column', rows: 0 },
    { name: 'a column twice', text: `${head},Timestamp\n`, code: 'duplicate-column', rows: 0 },
    { name: 'an open quote', text: `${head}\nd,${TIME}\n"d,`, code: 'unterminated-quote', rows: 1 },
    {
      name: 'no zone',
      text: `${head}\nd,2026-11-24 19:36:49\n`,
      code: 'missing-time-zone',
      rows: 0,
    },
    {
      name: 'a local time of the portal',
      text: `${head} [Local Time]\nd,2026-11-24 19:36:49\n`,
      code: 'missing-time-zone',
      rows: 0,
    },
    {
      name: 'dates that nothing settles',
      text: `${head} [UTC]\nd,03/04/2026 10:00:00\n`,
      code: 'ambiguous-dates',
      rows: 0,
    },
    {
      name: 'dates that contradict each other',
      text: `${head} [UTC]\nd,13/04/2026 10:00:00\nd,04/13/2026 10:00:00\n`,
      code: 'mixed-dates',
      rows: 1,
    },
  ])('says $code: $name', async ({ text, code, rows }) => {
    const items: ExportItem[] = [];
    const reading = async () => {
      const source = chunked(Buffer.from(text), 50);
      for await (const item of readExport(source, { name: 'x' })) items.push(item);
    };
    await expect(reading()).rejects.toMatchObject({ name: 'ExportError', code });
    expect(items.filter(({ kind }) => kind === 'row')).toHaveLength(rows);
  });

  test('says bad-time-zone of a zone that does not exist', async () => {
    const reading = collect('DeviceId,Timestamp\n', { timeZone: 'Mars/Base' });
    await expect(reading).rejects.toMatchObject({ code: 'bad-time-zone' });
  });
});

test.each([
  { text: '{"schema":[],"results":[]}' },
  { text: '{"Schema":[],"Results":[]}' },
  { text: '{"records":[]}' },
  { text: JSON.stringify({ tables: [{ columns, rows: [] }] }) },
])('no row is an answer, too: $text', async ({ text }) => {
  expect((await collect(text)).slice(1)).toMatchObject([
    { kind: 'end', counts: { rows: 0, bad: 0 } },
  ]);
});

test('a line that is not UTF-8 says so, and costs itself', async () => {
  const line = Buffer.from(`${JSON.stringify(row)}\n`);
  const broken = Buffer.from(line);
  broken[broken.indexOf('Glav')] = 0xff;
  const items = await collect(Buffer.concat([line, broken, line]));
  expect(items[2]).toMatchObject({ kind: 'bad', problem: { place: 2, code: 'not-utf8' } });
  expect(items[4]).toMatchObject({ counts: { rows: 2, bad: 1 } });
});

test('an element of 100 MB is one bad row, and the next is read', async () => {
  const big = Buffer.alloc(1024 * 1024, 0x78);
  async function* source() {
    yield Buffer.from('{"results":[{"Signer":"');
    for (let count = 0; count < 100; count += 1) yield big;
    yield Buffer.from(`"},${JSON.stringify(row)}]}`);
  }
  const items: ExportItem[] = [];
  for await (const item of readExport(source(), { name: 'x' })) items.push(item);
  expect(items.map(({ kind }) => kind)).toEqual(['format', 'bad', 'row', 'end']);
  expect(items[1]).toMatchObject({ problem: { place: 1, code: 'too-long' } });
});

function jsonLines(...lines: unknown[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function csv(head: string[], cells: unknown[], delimiter = ',', lineEnd = '\r\n'): string {
  const quoted = (cell: unknown) => `"${String(cell ?? '').replaceAll('"', '""')}"`;
  return [head, cells].map((line) => line.map(quoted).join(delimiter) + lineEnd).join('');
}

async function collect(
  content: string | Uint8Array,
  options: Omit<ExportOptions, 'name'> = {},
  step = 64,
): Promise<ExportItem[]> {
  const items: ExportItem[] = [];
  const source = chunked(typeof content === 'string' ? Buffer.from(content) : content, step);
  for await (const item of readExport(source, { name: 'x', ...options })) items.push(item);
  return items;
}

async function* chunked(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step);
}
