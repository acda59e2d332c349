import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExportItem, ExportRow } from '../../../parsers/exports/export-row.ts';
import { readExport } from '../../../parsers/exports/read-export.ts';
import { canonicalColumns } from '../../../parsers/record/columns.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';
import { CollectorProcess, temporaryFolder } from '../collector-process.ts';
import { fillFleet, ownAnswer } from './fleet.ts';

const query = 'DeviceFileCertificateInfo | sort by DeviceId asc, Timestamp asc';

describe('what the collector answers is an export that is read back whole', () => {
  const { folder, remove } = temporaryFolder();
  let collector: CollectorProcess;

  beforeAll(async () => {
    collector = await CollectorProcess.start(folder);
    await fillFleet(collector);
  });

  afterAll(async () => {
    expect(await collector.stop()).toBe(0);
    remove();
  });

  test.each([
    { format: 'graph', address: '/v1.0/security/runHuntingQuery', body: { Query: query } },
    { format: 'defender-api', address: '/api/advancedhunting/run', body: { Query: query } },
    { format: 'log-analytics', address: '/v1/workspaces/any/query', body: { query } },
  ])('$format', async ({ format, address, body }) => {
    const answer = await ask(address, body);
    const items = await read(answer);
    expect(items[0]).toEqual({ kind: 'format', format });
    const own = await ownAnswer(collector, query, {});
    const expected = own.rows.map((row) =>
      typed(
        own.columns.map(({ name }) => name),
        row,
      ),
    );
    expect(expected).toHaveLength(3);
    expect(items.flatMap((item) => (item.kind === 'row' ? [item.row] : []))).toEqual(expected);
    expect(items.at(-1)).toMatchObject({ counts: { rows: 3, bad: 0, otherRows: 0 } });
  });

  test.each([{ version: 'v1' }, { version: 'v2' }])(
    "Kusto's $version is no export, and is refused before a row is taken for one",
    async ({ version }) => {
      const answer = await ask(`/${version}/rest/query`, { db: 'any', csl: query });
      await expect(read(answer)).rejects.toMatchObject({ name: 'ExportError' });
    },
  );

  async function ask(address: string, body: object): Promise<Uint8Array> {
    const answer = await fetch(collector.url + address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    return new Uint8Array(await answer.arrayBuffer());
  }
});

/** A row of /v1/query as a row of an export, which keeps the documented columns. */
function typed(names: readonly string[], values: readonly unknown[]): Partial<ExportRow> {
  const entries = names.flatMap((name, index) => {
    if (!Object.hasOwn(canonicalColumns, name)) return [];
    const { type } = canonicalColumns[name as keyof typeof canonicalColumns];
    const value = values[index];
    if (value === null) return [[name, null]];
    if (type === 'datetime') return [[name, parseDatetime(String(value))]];
    return [[name, type === 'long' ? BigInt(String(value)) : value]];
  });
  return Object.fromEntries(entries);
}

async function read(bytes: Uint8Array): Promise<ExportItem[]> {
  const items: ExportItem[] = [];
  const source = (async function* () {
    yield bytes;
  })();
  for await (const item of readExport(source, { name: 'x' })) items.push(item);
  return items;
}
