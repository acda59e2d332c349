import type { DatabaseSync } from 'node:sqlite';
import { SightingTable } from './sighting-table.ts';

/**
 * From version 2 to 3: sightings and contacts are gathered from what is there. Inside the caller's transaction. The shorter
 * observations that came with it are left to stepToVersion4(), which makes them shorter still.
 */
export function stepToVersion3(db: DatabaseSync, besideSql: string): void {
  db.exec(`
    ${besideSql}
    UPDATE fact SET value = (SELECT COUNT(*) FROM observation) WHERE name = 'observations';
    INSERT INTO contact (DeviceId, FirstContact, LastContact)
      SELECT DeviceId, MIN(first), MAX(last) FROM (
          SELECT device, MIN(ReceivedTime) AS first, MAX(ReceivedTime) AS last FROM observation GROUP BY device)
        JOIN device ON device.id = device GROUP BY DeviceId;
    INSERT INTO contact (DeviceId, FirstContact, LastContact)
      SELECT DeviceId, MIN(ReceivedTime), MAX(ReceivedTime) FROM sweep WHERE true GROUP BY DeviceId
      ON CONFLICT DO UPDATE SET FirstContact = MIN(FirstContact, excluded.FirstContact),
        LastContact = MAX(LastContact, excluded.LastContact);`);
  gatherSightings(db);
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
