import type { DateOrder, ExportFormat } from '../../../parsers/exports/export-row.ts';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { canonicalColumns } from '../../../parsers/record/columns.ts';
import { formatDatetime, parseDatetime } from '../../../parsers/record/datetime.ts';
import { ndjson } from '../records.ts';

/** The 18 columns of a row, as an export has them. */
export type ExportedRow = Pick<FileCertificateRecord, keyof typeof canonicalColumns>;

/** A way to write rows as an export, and how it is to be read. */
export interface ExportWriter {
  readonly name: string;
  readonly format: ExportFormat;
  readonly timeZone?: string;
  readonly dateOrder?: DateOrder;
  write(rows: readonly ExportedRow[]): string;
}

const names = Object.keys(canonicalColumns) as (keyof ExportedRow)[];
const category = 'AdvancedHunting-DeviceFileCertificateInfo';
const record = (properties: ExportedRow) => ({
  time: properties.Timestamp,
  tenantId: 't',
  operationName: 'Publish',
  category,
  properties,
});
const columns = names.map((name) => ({ name, type: canonicalColumns[name].type }));
const values = (row: ExportedRow) => names.map((name) => row[name]);
const isTime = (name: keyof ExportedRow) => canonicalColumns[name].type === 'datetime';

/** Every format that exports have, some in two forms. */
export const exportWriters: readonly ExportWriter[] = [
  {
    name: 'Event Hub, one document',
    format: 'eventhub',
    write: (rows) => JSON.stringify({ records: rows.map(record) }),
  },
  {
    name: 'Event Hub, JSON Lines',
    format: 'eventhub',
    write: (rows) => ndjson(rows.map(record)),
  },
  {
    name: 'Graph',
    format: 'graph',
    write: (rows) => JSON.stringify({ schema: columns, results: rows }),
  },
  {
    name: "Defender's API",
    format: 'defender-api',
    write: (rows) =>
      JSON.stringify({
        Stats: {},
        Schema: columns.map(({ name, type }) => ({ Name: name, Type: type })),
        Results: rows,
      }),
  },
  {
    name: 'Log Analytics',
    format: 'log-analytics',
    write: (rows) =>
      JSON.stringify({ tables: [{ name: 'PrimaryResult', columns, rows: rows.map(values) }] }),
  },
  {
    name: 'Log Analytics, CSV of the portal',
    format: 'log-analytics-csv',
    dateOrder: 'mdy',
    write: (rows) => csv(rows, (name) => (isTime(name) ? `${name} [UTC]` : name), american),
  },
  {
    name: "Defender's portal, CSV in a German locale",
    format: 'portal-csv',
    timeZone: 'UTC',
    dateOrder: 'dmy',
    write: (rows) => csv(rows, (name) => name, german, ';'),
  },
  {
    name: "Defender's portal, CSV with ISO times",
    format: 'portal-csv',
    write: (rows) =>
      csv(
        rows,
        (name) => name,
        (iso) => iso,
      ),
  },
  { name: 'our own rows', format: 'ndjson', write: ndjson },
];

function csv(
  rows: readonly ExportedRow[],
  headerOf: (name: keyof ExportedRow) => string,
  timeOf: (iso: string) => string,
  delimiter = ',',
): string {
  const cell = (row: ExportedRow, name: keyof ExportedRow) => {
    const value = row[name];
    if (value === null) return '';
    return isTime(name) ? timeOf(String(value)) : String(value);
  };
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = [names.map(headerOf), ...rows.map((row) => names.map((name) => cell(row, name)))];
  return lines.map((line) => `${line.map(quoted).join(delimiter)}\r\n`).join('');
}

/** `11/24/2026, 7:36:49.1234567 PM` */
function american(iso: string): string {
  const [, year, month, day, hour, rest] = parts(iso);
  const half = Number(hour) < 12 ? 'AM' : 'PM';
  return `${Number(month)}/${Number(day)}/${year}, ${Number(hour) % 12 || 12}:${rest} ${half}`;
}

/** `24.11.2026 19:36:49.1234567` */
function german(iso: string): string {
  const [, year, month, day, hour, rest] = parts(iso);
  return `${day}.${month}.${year} ${hour}:${rest}`;
}

function parts(iso: string): readonly string[] {
  const text = formatDatetime(parseDatetime(iso) ?? 0n);
  return /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(.*)Z$/.exec(text) ?? [];
}
