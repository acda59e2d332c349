import { expect, test } from 'vitest';
import { recordColumns } from '../../../parsers/record/columns.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';
import { RowReader } from '../../../parsers/record/row-reader.ts';

const row = { Timestamp: '2026-07-01T00:00:00.123Z', DeviceId: 'a', Signer: 'S', IsSigned: true };
const { Timestamp, ...untimed } = row;
const reader = () => new RowReader(recordColumns, parseDatetime);

/** Each follows each: what a reader remembers of one line must not show in the next. */
const lines = [
  { name: 'a row', text: JSON.stringify(row) },
  { name: 'its columns in another order', text: JSON.stringify({ ...untimed, Timestamp }) },
  { name: 'a column less', text: JSON.stringify({ Timestamp, DeviceId: 'a', IsSigned: false }) },
  { name: 'nulls', text: JSON.stringify({ ...row, Signer: null, IsSigned: null }) },
  { name: 'an alias of Timestamp', text: JSON.stringify({ TimeGenerated: Timestamp, ...untimed }) },
  { name: 'both names of Timestamp', text: JSON.stringify({ ...row, TimeGenerated: 'rubbish' }) },
  { name: 'a name that is dropped', text: JSON.stringify({ ...row, TenantId: 'x' }) },
  { name: 'a name that is unknown', text: JSON.stringify({ ...row, Foo: 'x' }) },
  { name: 'a name of the language', text: '{"__proto__":{},"constructor":1}' },
  { name: 'the same name twice', text: `${JSON.stringify(row).slice(0, -1)},"Signer":"T"}` },
  {
    name: 'wrong types',
    text: JSON.stringify({ ...row, Signer: 1, IsSigned: 'S', FileSize: 1.5 }),
  },
  { name: 'a date that is none', text: JSON.stringify({ ...row, ReadTime: '2026-02-30' }) },
  { name: 'an empty DeviceId', text: JSON.stringify({ ...row, DeviceId: '' }) },
  {
    name: 'lone surrogates',
    text: String.raw`${JSON.stringify(row).slice(0, -1)},"Issuer":"\ud800"}`,
  },
  {
    name: 'dynamic values',
    text: JSON.stringify({ ...row, Findings: [{ code: 'x' }], Rules: [] }),
  },
  { name: 'no JSON', text: '{' },
  { name: 'no object', text: '[1]' },
] as const;

test.each(lines)('$name is read as alone, whatever came before', ({ text }) => {
  const alone = reader().read(text, 7);
  for (const before of lines) {
    const shared = reader();
    shared.read(before.text, 6);
    expect(shared.read(text, 7), `after ${before.name}`).toEqual(alone);
    expect(shared.read(text, 7), `after itself and ${before.name}`).toEqual(alone);
  }
});

test('a value that is as in the line before is the same value, and a date is read once', () => {
  const texts: string[] = [];
  const shared = new RowReader(recordColumns, (text) => {
    texts.push(text);
    return parseDatetime(text);
  });
  for (const ReportId of [1, 2, 3])
    expect(shared.read(JSON.stringify({ ...row, ReportId }), 1)).toMatchObject({ kind: 'values' });
  expect(texts).toEqual([Timestamp]);
});
