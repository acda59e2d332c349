import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReaderPool } from '../../../collector/store/sqlite/reader-pool.ts';
import { SqliteStore } from '../../../collector/store/sqlite/sqlite-store.ts';
import { DEFAULT_QUERY_LIMITS } from '../../../collector/store/store.ts';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { kustoForTests } from '../../kusto-sources.ts';
import { temporaryFolder } from '../collector-process.ts';
import { record } from '../records.ts';

/** Hashes of hashes: takes many seconds, and nothing but its limits ends it. */
const SLOW_ROWS = 20_000;
const HASHES = `${'hash_sha256('.repeat(25)}SHA1${')'.repeat(25)}`;
const slow = compileKql(
  kustoForTests(),
  `AgentFileCertificateInfo
  | where ${Array.from({ length: 6 }, (_, at) => `${HASHES} == '${at}'`).join(' or ')} | count`,
);
const quick = compileKql(kustoForTests(), 'AgentFileCertificateInfo | count');
const options = { now: 0n, limits: DEFAULT_QUERY_LIMITS };

describe('two reading threads', () => {
  const { folder, remove } = temporaryFolder();
  let pool: ReaderPool;

  beforeAll(async () => {
    const rows = Array.from({ length: SLOW_ROWS }, (_, at) => record({ SHA1: `row ${at}` }));
    const store = await SqliteStore.open(folder, 'write');
    await store.append({ id: '00', table: 'AgentFileCertificateInfo', receivedAt: 0n, rows });
    await store.close();
    pool = await ReaderPool.start(folder, 2);
  });
  afterAll(async () => {
    await pool.close();
    remove();
  });

  test('answer a query while another is slow', async () => {
    const leaving = new AbortController();
    const running = pool.run(slow, { ...options, signal: leaving.signal });
    const { rows } = await pool.run(quick, options);
    expect(rows).toEqual([[BigInt(SLOW_ROWS)]]);
    expect(pool.busy).toBe(1);
    leaving.abort();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(pool.busy).toBe(0);
  });

  test('stop each query that is cancelled, whatever the order, and let the one in line through', async () => {
    const leaving = [1, 2].map(() => new AbortController());
    const running = leaving.map(({ signal }) => pool.run(slow, { ...options, signal }));
    const inLine = pool.run(quick, options);
    await setTimeout(100); // both are in SQLite
    expect(pool.busy).toBe(3);
    const ended = Promise.allSettled(running);
    for (const one of leaving.toReversed()) one.abort();
    for (const one of await ended)
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } });
    expect((await inLine).rows).toEqual([[BigInt(SLOW_ROWS)]]);
  });

  test('leave a query in line that is cancelled out, and serve those behind it', async () => {
    const leaving = [1, 2, 3].map(() => new AbortController());
    const running = leaving.map(({ signal }) => pool.run(slow, { ...options, signal }));
    const ended = Promise.allSettled(running);
    const last = pool.run(quick, options);
    leaving[2]?.abort();
    await expect(running[2]).rejects.toMatchObject({ code: 'cancelled' });
    expect(pool.busy).toBe(3);
    leaving[0]?.abort();
    expect((await last).rows).toEqual([[BigInt(SLOW_ROWS)]]);
    leaving[1]?.abort();
    for (const one of await ended)
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } });
  });

  test('refuse what would wait behind 32 others', async () => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const running = Array.from({ length: 34 }, () => pool.run(slow, { ...options, signal }));
    const ended = Promise.allSettled(running);
    await expect(pool.run(quick, options)).rejects.toMatchObject({ code: 'busy' });
    leaving.abort();
    for (const one of await ended)
      expect(one).toMatchObject({ status: 'rejected', reason: { code: 'cancelled' } });
    expect((await pool.run(quick, options)).rows).toEqual([[BigInt(SLOW_ROWS)]]);
  });
});
