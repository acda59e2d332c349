import { describe, expect, test } from 'vitest';
import {
  canonicalColumns,
  type FileCertificateRecord,
  recordColumns,
} from '../../../parsers/record/columns.ts';
import { parseFileCertificateRecord, parseSweepRow } from '../../../parsers/record/parse-record.ts';

const required = { Timestamp: '2026-07-01T00:00:00.1234567Z', DeviceId: 'ab' };

function rowOf(given: object): FileCertificateRecord {
  const parsed = parseFileCertificateRecord(JSON.stringify(given), 1);
  if (parsed.kind === 'bad') throw new Error(JSON.stringify(parsed.problems));
  return parsed.row;
}

describe('parseFileCertificateRecord', () => {
  test('absent columns are null and columns come in their order', () => {
    const row = rowOf(required);
    expect(Object.keys(row)).toEqual(Object.keys(recordColumns));
    expect(row).toMatchObject({ ...required, Signer: null, IsTrusted: null, Findings: null });
  });

  test('a row with just the 18 columns of Defender is fine', () => {
    const given = Object.fromEntries(Object.keys(canonicalColumns).map((name) => [name, null]));
    expect(rowOf({ ...given, ...required, ReportId: 7 })).toMatchObject({ ReportId: 7 });
  });

  test('what Log Analytics adds is dropped and counted, TimeGenerated stands for Timestamp', () => {
    const given = { TimeGenerated: required.Timestamp, DeviceId: 'ab', TenantId: 't', Type: 'x' };
    expect(parseFileCertificateRecord(JSON.stringify(given), 1)).toMatchObject({
      kind: 'row',
      dropped: 2,
      row: { Timestamp: required.Timestamp },
    });
  });

  test('Timestamp wins over TimeGenerated', () => {
    const given = { ...required, TimeGenerated: '2020-01-01T00:00:00Z' };
    expect(rowOf(given).Timestamp).toBe(required.Timestamp);
  });

  test('a lone surrogate becomes the replacement character', () => {
    expect(rowOf({ ...required, FileName: 'a\ud800' }).FileName).toBe('a\ufffd');
  });

  test.each([
    { name: 'text', text: 'hello', code: 'not-json', column: null },
    { name: 'two objects on a line', text: '{}{}', code: 'not-json', column: null },
    { name: 'null', text: 'null', code: 'not-an-object', column: null },
    { name: 'an array', text: '[]', code: 'not-an-object', column: null },
    {
      name: 'no Timestamp',
      given: { DeviceId: 'ab' },
      code: 'missing-column',
      column: 'Timestamp',
    },
    {
      name: 'an empty DeviceId',
      given: { ...required, DeviceId: '' },
      code: 'missing-column',
      column: 'DeviceId',
    },
    {
      name: 'a name that is almost a column',
      given: { ...required, signer: 'x' },
      code: 'unknown-column',
      column: 'signer',
    },
    {
      name: 'a name that every object inherits',
      given: { ...required, constructor: 1 },
      code: 'unknown-column',
      column: 'constructor',
    },
    {
      name: 'a number for a string',
      given: { ...required, Signer: 5 },
      code: 'wrong-type',
      column: 'Signer',
    },
    {
      name: 'a string for a bool',
      given: { ...required, IsSigned: 'true' },
      code: 'wrong-type',
      column: 'IsSigned',
    },
    {
      name: 'a long past 2^53',
      given: { ...required, ReportId: 2 ** 53 },
      code: 'wrong-type',
      column: 'ReportId',
    },
    {
      name: 'a long with a fraction',
      given: { ...required, ReportId: 1.5 },
      code: 'wrong-type',
      column: 'ReportId',
    },
    {
      name: 'a long as a string',
      given: { ...required, ReportId: '1' },
      code: 'wrong-type',
      column: 'ReportId',
    },
    {
      name: '30 February',
      given: { ...required, ReadTime: '2026-02-30T00:00:00Z' },
      code: 'wrong-type',
      column: 'ReadTime',
    },
    {
      name: 'an endless string',
      given: { ...required, Signer: 'x'.repeat(32_769) },
      code: 'too-long',
      column: 'Signer',
    },
    {
      name: 'a dynamic value nested 17 deep',
      given: { ...required, Findings: nested(17) },
      code: 'too-deep',
      column: 'Findings',
    },
  ])('refuses $name', ({ text, given, code, column }) => {
    const parsed = parseFileCertificateRecord(text ?? JSON.stringify(given), 12);
    expect(parsed).toMatchObject({ kind: 'bad', problems: [{ code, line: 12, column }] });
  });

  test('names several problems of one row, and not more than ten', () => {
    const two = { ...required, Signer: 1, Foo: 2 };
    expect(parseFileCertificateRecord(JSON.stringify(two), 1)).toMatchObject({
      problems: [
        { code: 'unknown-column', column: 'Foo', message: 'there is no column Foo' },
        {
          code: 'wrong-type',
          column: 'Signer',
          message: 'Signer: expected a string, found number 1',
        },
      ],
    });
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`x${index}`, 1]));
    const parsed = parseFileCertificateRecord(JSON.stringify(many), 1);
    expect(parsed.kind === 'bad' && parsed.problems.length).toBe(10);
  });

  test('a key named __proto__ is a refused column and changes no prototype', () => {
    const parsed = parseFileCertificateRecord('{"__proto__": {"polluted": true}}', 1);
    expect(parsed).toMatchObject({ kind: 'bad', problems: [{ column: '__proto__' }, {}, {}] });
    const findings =
      '{"Timestamp":"2026-07-01","DeviceId":"a","Findings":{"__proto__":{"polluted":1}}}';
    expect(parseFileCertificateRecord(findings, 1).kind).toBe('row');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});

test('parseSweepRow takes the columns of AgentSweepInfo', () => {
  const text = JSON.stringify({ ...required, Complete: true, Skipped: { unreadable: 1 } });
  expect(parseSweepRow(text, 1)).toMatchObject({
    row: { Complete: true, Skipped: { unreadable: 1 } },
  });
  expect(parseSweepRow(JSON.stringify({ ...required, Signer: 'x' }), 3)).toMatchObject({
    problems: [{ code: 'unknown-column', line: 3, column: 'Signer' }],
  });
});

function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)];
}
