import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { compileSql } from '../../../collector/query/compile-sql.ts';
import { columnPlaces } from '../../../collector/store/sqlite/column-places.ts';
import { registerKqlFunctions } from '../../../collector/store/sqlite/kql-functions.ts';
import {
  databaseFile,
  openForReading,
  openForWriting,
} from '../../../collector/store/sqlite/open-database.ts';
import { QueryGuard } from '../../../collector/store/sqlite/query-guard.ts';
import { SCHEMA_VERSION, schemaSql } from '../../../collector/store/sqlite/schema.ts';
import { SqliteStore } from '../../../collector/store/sqlite/sqlite-store.ts';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { recordColumns } from '../../../parsers/record/columns.ts';
import { builtInRules } from '../../../parsers/rules/built-in-rules.ts';
import { kustoForTests } from '../../kusto-sources.ts';
import { temporaryFolder } from '../collector-process.ts';
import { storeContract } from './store-contract.ts';
import { retentionContract } from './store-contract-retention.ts';

const { folder, remove } = temporaryFolder();
const data = path.join(folder, 'contract');
afterAll(remove);

for (const contract of [storeContract, retentionContract]) {
  contract(
    'SQLite',
    () => SqliteStore.open(data, 'read-write'),
    () => rmSync(data, { recursive: true, force: true }),
  );
}

describe('the SQLite database', () => {
  test('has a place for every column', () => {
    expect(Object.keys(columnPlaces).sort()).toEqual(Object.keys(recordColumns).sort());
  });

  test('has the schema of its version: when this fails, raise SCHEMA_VERSION and write the step', () => {
    const digest = createHash('sha256').update(schemaSql().replace(/\s+/g, ' ')).digest('hex');
    expect([SCHEMA_VERSION, digest.slice(0, 16)]).toEqual([4, '7a1f53f6625ae90d']);
  });

  test('of a newer version is refused with the remedy', async () => {
    const newer = path.join(folder, 'newer');
    openForWriting(newer).close();
    const db = new DatabaseSync(databaseFile(newer));
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    db.close();
    for (const mode of ['read', 'write'] as const)
      await expect(SqliteStore.open(newer, mode)).rejects.toMatchObject({
        code: 'newer-schema',
        message: expect.stringContaining('use the newer version of certsweep-collector'),
      });
  });

  test('that is not there is not created by a query', () => {
    expect(() => openForReading(path.join(folder, 'nowhere'))).toThrow(
      'there is no collector database',
    );
  });

  test('answers the TightVNC query through the index on certificates, asking each signer once', () => {
    const db = openForWriting(path.join(folder, 'plan'));
    registerKqlFunctions(db, new QueryGuard(() => false));
    const tightVnc = builtInRules.find(({ id }) => id === '18f7c17b-65d4-4263-b9e2-587e84233989');
    const plan = compileKql(kustoForTests(), tightVnc?.query ?? '');
    const { text, values } = compileSql(plan, 639_184_608_000_000_000n).query;
    const steps = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values);
    const details = steps.map(({ detail }) => String(detail));
    db.close();
    expect(details).toContain(
      'SEARCH o USING INDEX observation_by_certificate (certificate=? AND Timestamp>? AND Timestamp<?)',
    );
    expect(details).toContain(
      'SEARCH e USING INDEX observation_by_certificate (certificate=? AND Timestamp=? AND device=? AND path=?)',
    );
    expect(details.filter((detail) => /^SCAN (o|e|device|file|path)\b/.test(detail))).toEqual([]);
  });
});
