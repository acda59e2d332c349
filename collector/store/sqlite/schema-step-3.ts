import type { DatabaseSync } from 'node:sqlite';
import { columnsIn, dictionaries } from './column-places.ts';
import { SightingTable } from './sighting-table.ts';
import { observationKey } from './sql-value.ts';
import { storedTimes, toStoredTime } from './stored-time.ts';

/**
 * From version 2 to 3: observations get the shorter key, which is the beginning of the one they had, and shorter times; sightings and
 * contacts are gathered from what is there. Inside the caller's transaction; takes about 15 s for a million rows.
 */
export function stepToVersion3(db: DatabaseSync, observationSql: string, besideSql: string): void {
  db.function('observation_key', { deterministic: true }, (key) =>
    observationKey(key as Uint8Array),
  );
  db.function('stored_time', { deterministic: true, useBigIntArguments: true }, storedTime);
  const columns = [...dictionaries, ...columnsIn('observation').map(({ name }) => name)];
  const names = columns.map((name) => `"${name}"`).join(', ');
  const values = columns.map((name) =>
    storedTimes.includes(name) ? `stored_time('${name}', "${name}", "Timestamp")` : `"${name}"`,
  );
  db.exec(`
    DROP INDEX observation_by_certificate;
    ALTER TABLE observation RENAME TO observation_2;
    ${observationSql}
    INSERT INTO observation (${names}, key)
      SELECT ${values.join(', ')}, observation_key(key) FROM observation_2 ORDER BY Timestamp, device, key;
    ${besideSql}
    UPDATE fact SET value = (SELECT COUNT(*) FROM observation) WHERE name = 'observations';
    INSERT INTO contact (DeviceId, FirstContact, LastContact)
      SELECT DeviceId, MIN(first), MAX(last) FROM (
          SELECT device, MIN(ReceivedTime) AS first, MAX(ReceivedTime) AS last FROM observation_2 GROUP BY device)
        JOIN device ON device.id = device GROUP BY DeviceId;
    INSERT INTO contact (DeviceId, FirstContact, LastContact)
      SELECT DeviceId, MIN(ReceivedTime), MAX(ReceivedTime) FROM sweep WHERE true GROUP BY DeviceId
      ON CONFLICT DO UPDATE SET FirstContact = MIN(FirstContact, excluded.FirstContact),
        LastContact = MAX(LastContact, excluded.LastContact);
    DROP TABLE observation_2;`);
  gatherSightings(db);
}

function storedTime(column: unknown, ticks: unknown, timestamp: unknown): bigint | null {
  return toStoredTime(String(column), ticks as bigint | null, timestamp as bigint);
}

function gatherSightings(db: DatabaseSync): void {
  const sightings = new SightingTable(db);
  const flagged = db.prepare(
    `SELECT DeviceId, DeviceName, FolderPath, FileName, SHA1, Rules, Timestamp
      FROM observation AS o JOIN verdict ON verdict.id = o.verdict JOIN device ON device.id = o.device
        JOIN path ON path.id = o.path JOIN file ON file.id = o.file
      WHERE verdict.Rules IS NOT NULL ORDER BY Timestamp`,
    { readBigInts: true },
  );
  for (const row of flagged.all()) {
    sightings.see({
      DeviceId: String(row.DeviceId),
      DeviceName: String(row.DeviceName),
      FolderPath: String(row.FolderPath),
      FileName: String(row.FileName),
      SHA1: String(row.SHA1),
      Rules: JSON.parse(String(row.Rules)),
      seen: row.Timestamp as bigint,
    });
  }
}
