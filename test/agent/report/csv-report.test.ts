import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { csvCell, csvLine } from '../../../agent/report/csv-cell.ts';
import { csvColumns, csvValues } from '../../../agent/report/csv-columns.ts';
import { recordColumns, type SweepRow } from '../../../parsers/record/columns.ts';
import { peBytes } from '../pe-bytes.ts';
import { runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import { flaggedRecord, sampleRecord } from './sample-record.ts';

describe('a cell', () => {
  test.each([
    { value: null, cell: '' },
    { value: true, cell: 'true' },
    { value: -7, cell: '-7' },
    { value: 'plain', cell: 'plain' },
    { value: 'a,b', cell: '"a,b"' },
    { value: 'say "a"', cell: '"say ""a"""' },
    { value: ['x'], cell: '"[""x""]"' },
    { value: 'two\r\nlines\tof', cell: 'two\\r\\nlines\\tof' },
    { value: 'gpj.\u202eexe', cell: 'gpj.\\u{202e}exe' },
  ])('of $value is $cell', ({ value, cell }) => {
    expect(csvCell(value)).toBe(cell);
  });

  test.each([
    { attack: '=1+1', cell: "'=1+1" },
    { attack: '+1', cell: "'+1" },
    { attack: '-1', cell: "'-1" },
    { attack: '@SUM(A1)', cell: "'@SUM(A1)" },
    { attack: '  =1', cell: "  '=1" },
    { attack: '\uff1dcmd', cell: "'\uff1dcmd" },
    { attack: '"=1', cell: '"""\'=1"' },
    { attack: '\t=1', cell: '\\t=1' },
    { attack: '\r=1', cell: '\\r=1' },
    { attack: 'a;=1', cell: '"a;\'=1"' },
    { attack: 'a;"=1;-2', cell: '"a;""\'=1;\'-2"' },
  ])(
    'that begins a formula ($attack) is made text, for spreadsheets that cut at ; too',
    ({ attack, cell }) => {
      expect(csvCell(attack)).toBe(cell);
    },
  );

  test('a line ends as RFC 4180 says', () => {
    expect(csvLine(['a', 1, null])).toBe('a,1,\r\n');
  });
});

describe('the columns', () => {
  test('begin as sigcheck -c has them', () => {
    expect(csvColumns.slice(0, 12).join(',')).toBe(
      'Path,Verified,Date,Publisher,Company,Description,Product,Product Version,File Version,Machine Type,SHA1,SHA256',
    );
  });

  test('hold every column of a record, each name once whatever its case', () => {
    expect(csvColumns).toEqual(expect.arrayContaining(Object.keys(recordColumns)));
    expect(new Set(csvColumns.map((name) => name.toLowerCase())).size).toBe(csvColumns.length);
  });

  test('have the values of the record', () => {
    const record = flaggedRecord({ FolderPath: 'C:\\x', CompanyName: 'GlavSoft' });
    const row = Object.fromEntries(
      csvValues(record).map((value, index) => [csvColumns[index] ?? '', value]),
    );
    expect(row).toMatchObject({
      Path: 'C:\\x\\a.exe',
      Verified: 'Signed',
      Date: '2020-05-06T07:08:09Z',
      Publisher: 'GlavSoft LLC (certsweep test)',
      Company: 'GlavSoft',
      'Machine Type': null,
      SHA1: 'a1'.repeat(20),
      SignerHash: 'b1'.repeat(20),
      ReportId: 7,
    });
  });

  test('say Unsigned only of what catalogs do not sign', () => {
    const verified = (SignatureStatus: string) => csvValues(sampleRecord({ SignatureStatus }))[1];
    expect(verified('NotSigned')).toBe('Unsigned');
    expect(verified('CatalogNotSearched')).toBe('Unsigned (catalogs not searched)');
  });
});

describe('scan --format csv', () => {
  const folder = temporaryFolder();
  const tree = path.join(folder, 'tree');
  const glavsoft = path.join(
    import.meta.dirname,
    '../../../fixtures/pe/glavsoft-sha256-rfc3161.exe',
  );
  writeTree(tree, { '=cmd,"x".exe': readFileSync(glavsoft), 'b.exe': peBytes() });

  test('writes a file for spreadsheets, and beside it the sweep row with its digest', async () => {
    const out = path.join(folder, 'sweep.csv');
    const { status, stdout, stderr } = await runAgent([
      ...['scan', tree, '--format', 'csv', '--out', out, '--quiet'],
    ]);
    expect({ status, stdout, stderr }).toEqual({ status: 1, stdout: '', stderr: '' });
    const bytes = readFileSync(out);
    const lines = bytes.toString('utf8').split('\r\n');
    expect(lines[0]).toBe(`\ufeff${csvColumns.join(',')}`);
    expect(lines).toHaveLength(4);
    expect(lines.join('\n')).toContain(`,"'=cmd,""x"".exe",`);
    const sweep = JSON.parse(readFileSync(`${out}.sweep.json`, 'utf8')) as SweepRow;
    expect(sweep.RecordsDigest).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  test('writes to a pipe without a byte order mark, and the names of the columns also when nothing is found', async () => {
    const empty = path.join(folder, 'empty');
    writeTree(empty, { 'a.txt': 'text' });
    const { status, stdout } = await runAgent(['scan', empty, '--format', 'csv']);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `${csvColumns.join(',')}\r\n` });
  });
});
