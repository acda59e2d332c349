import { expect, test } from 'vitest';
import { csvLine } from '../../../agent/report/csv-cell.ts';
import { csvColumns, csvValues } from '../../../agent/report/csv-columns.ts';
import type { ExportItem } from '../../../parsers/exports/export-row.ts';
import { readExport } from '../../../parsers/exports/read-export.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';
import { sampleRecord } from '../../agent/report/sample-record.ts';

const signers = [
  'GlavSoft LLC.',
  '=cmd|calc',
  "'=cmd",
  "''+1",
  "'tis harmless",
  'a;=1;-2',
  'a;"=1',
  '"quoted", and cut; here',
  '\uff1d1',
  '@x',
  'x=1',
  ' ',
];

test('what the agent writes as CSV is read as it was, guards against formulas taken off', async () => {
  const records = signers.map((Signer, index) =>
    sampleRecord({
      Signer,
      Issuer: index % 2 ? 'DigiCert, Inc.' : null,
      IsSigned: true,
      IsTrusted: index % 3 === 0 ? null : index % 3 === 1,
      Timestamp: '2026-11-24T19:36:49.1234567Z',
      CertificateExpirationTime: '2027-01-02T00:00:00Z',
      ReportId: index,
    }),
  );
  const text = `\ufeff${csvLine(csvColumns)}${records.map((each) => csvLine(csvValues(each))).join('')}`;
  const source = (async function* () {
    yield Buffer.from(text);
  })();
  const items: ExportItem[] = [];
  for await (const item of readExport(source, { name: 'x' })) items.push(item);
  expect(items[0]).toEqual({ kind: 'format', format: 'certsweep-csv' });
  const rows = items.flatMap((item) => (item.kind === 'row' ? [item.row] : []));
  expect(rows.map(({ Signer }) => Signer)).toEqual(signers);
  rows.forEach((row, index) => {
    expect(row).toMatchObject({
      Timestamp: parseDatetime('2026-11-24T19:36:49.1234567Z'),
      DeviceId: 'd0'.repeat(20),
      DeviceName: 'host.example',
      SHA1: 'a1'.repeat(20),
      Issuer: records[index]?.Issuer,
      IsSigned: true,
      IsTrusted: records[index]?.IsTrusted,
      CertificateExpirationTime: parseDatetime('2027-01-02T00:00:00Z'),
      ReportId: BigInt(index),
    });
  });
  expect(items.at(-1)).toMatchObject({ counts: { rows: signers.length, bad: 0 } });
});

test("another CSV's leading ' is part of the text", async () => {
  const source = (async function* () {
    yield Buffer.from("DeviceId,Timestamp,Signer\nd,2026-11-24T19:36:49Z,'=cmd\n");
  })();
  const items: ExportItem[] = [];
  for await (const item of readExport(source, { name: 'x' })) items.push(item);
  expect(items[1]).toMatchObject({ row: { Signer: "'=cmd" } });
});
