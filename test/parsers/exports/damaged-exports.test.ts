import { describe, expect, test } from 'vitest';
import { ExportError } from '../../../parsers/exports/export-error.ts';
import type { ExportCounts, ExportFormat } from '../../../parsers/exports/export-row.ts';
import { readExport } from '../../../parsers/exports/read-export.ts';

const rows = [24, 25, 26].map((day) => ({
  Timestamp: `2026-11-${day}T19:36:49.1234567Z`,
  DeviceId: `${day}`.repeat(3),
  Signer: day === 25 ? 'Glav "Soft", {x]\nLLC' : 'Plain',
  IsSigned: true,
  ReportId: day,
}));
const names = Object.keys(rows[0] ?? {});
const columns = names.map((name) => ({ name, type: 'string' }));
const category = 'AdvancedHunting-DeviceFileCertificateInfo';
const events = rows.map((properties) => ({ category, properties }));
const lines = (values: unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const local = rows.map((row) => ({
  ...row,
  Timestamp: `${row.DeviceId.slice(0, 2)}/11/2026 19:36:49`,
}));
const own = ['Verified', 'ScanId', ...names];

const samples: readonly { format: ExportFormat; name: string; text: string; isCsv?: true }[] = [
  { format: 'eventhub', name: 'a document', text: JSON.stringify({ records: events }) },
  { format: 'eventhub', name: 'lines', text: lines(events) },
  { format: 'eventhub', name: 'an array', text: JSON.stringify(events) },
  { format: 'graph', name: 'a document', text: JSON.stringify({ schema: columns, results: rows }) },
  {
    format: 'defender-api',
    name: 'a document',
    text: JSON.stringify({ Schema: [], Results: rows }),
  },
  {
    format: 'log-analytics',
    name: 'a document',
    text: JSON.stringify({ tables: [{ columns, rows: rows.map((row) => Object.values(row)) }] }),
  },
  { format: 'ndjson', name: 'lines', text: lines(rows) },
  {
    format: 'log-analytics-csv',
    name: 'commas',
    text: csv(names.with(0, 'Timestamp [UTC]'), rows, ','),
    isCsv: true,
  },
  { format: 'portal-csv', name: 'local times', text: csv(names, local, ';'), isCsv: true },
  {
    format: 'certsweep-csv',
    name: 'our own',
    text: csv(
      own,
      rows.map((row) => ({ a: 1, b: 2, ...row })),
      ',',
    ),
    isCsv: true,
  },
];

/** What a damaged byte becomes. */
const damages: readonly ((byte: number) => number)[] = [
  (byte) => byte ^ 0x01,
  (byte) => byte ^ 0x80,
  () => 0x22,
];

describe('a damaged byte costs the row it is in, or ends the reading', () => {
  test.each(samples)('$format, $name', async ({ format, text }) => {
    const whole = await read(Buffer.from(text), format);
    expect(whole).toMatchObject({ counts: { rows: 3, bad: 0 }, failure: undefined });
    const intact = new Set(whole.rows);
    for (const damage of damages) {
      for (let at = 0; at < text.length; at += 1) {
        const bytes = Buffer.from(text);
        bytes[at] = damage(bytes[at] ?? 0);
        const { rows: found, counts, failure } = await read(bytes, format);
        const where = `byte ${at} of ${JSON.stringify(bytes.toString('latin1'))}`;
        const changed = found.filter((row) => !intact.has(row)).length;
        const renamed =
          String([...(counts?.droppedColumns ?? [])]) !==
          String([...(whole.counts?.droppedColumns ?? [])]);
        if (!renamed && !failure) expect(changed, where).toBeLessThanOrEqual(1);
        if (failure) expect(failure.message, where).toMatch(/^x, /);
        else if (counts?.bad === 0) expect(found.length + counts.otherRows, where).toBe(3);
      }
    }
  });
});

describe('of a cut export the rows before the cut are read as they are', () => {
  test.each(samples)('$format, $name', async ({ format, text, isCsv }) => {
    const whole = await read(Buffer.from(text), format);
    for (let size = 0; size < text.length; size += 1) {
      const cut = text.slice(0, size);
      const { rows: found, counts, failure } = await read(Buffer.from(cut), format);
      // A last line of CSV needs no line end: cut in its last cell, it cannot be told from a whole one.
      const isOpenCsv = isCsv && !/\r\n$/.test(cut) && found.length > 0;
      const sure = isOpenCsv ? found.slice(0, -1) : found;
      expect(sure, `the first ${size}`).toEqual(whole.rows.slice(0, sure.length));
      const complete = cut.trimEnd() === text.trimEnd();
      const isLines = isCsv || text.startsWith('{"category') || text.startsWith('{"Timestamp');
      const isSaid = failure !== undefined || (counts?.bad ?? 0) > 0; // a first line alone is a bad row
      if (!complete && !isLines) expect(isSaid, `the first ${size}`).toBe(true);
      if (!failure) expect(counts?.rows).toBe(found.length);
    }
  });
});

function csv(head: string[], values: object[], delimiter: string): string {
  const cell = (value: unknown) => {
    const text = String(value);
    return /[",;\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [head, ...values.map((row) => Object.values(row))]
    .map((line) => `${line.map(cell).join(delimiter)}\r\n`)
    .join('');
}

interface Read {
  readonly rows: string[];
  readonly counts: ExportCounts | undefined;
  readonly failure: ExportError | undefined;
}

/** Any other error than ExportError fails the test. */
async function read(bytes: Uint8Array, format: ExportFormat): Promise<Read> {
  const found: string[] = [];
  let counts: ExportCounts | undefined;
  const source = (async function* () {
    yield bytes;
  })();
  try {
    for await (const item of readExport(source, { name: 'x', format, timeZone: 'UTC' })) {
      if (item.kind === 'row') found.push(Object.values(item.row).join('\u0001'));
      if (item.kind === 'end') counts = item.counts;
    }
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    return { rows: found, counts, failure: error };
  }
  return { rows: found, counts, failure: undefined };
}
