import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { Doors } from '../../../collector/doors/doors.ts';
import { newToken } from '../../../collector/doors/token.ts';
import { temporaryFolder } from '../collector-process.ts';

/** As version 1 of the program made it. */
const SCHEMA_1 = `
  CREATE TABLE token (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('device', 'reader', 'key')),
    hash BLOB NOT NULL,
    name TEXT NOT NULL DEFAULT '',
    deviceId TEXT,
    enrolledBy TEXT,
    usesLeft INTEGER,
    mayReplace INTEGER NOT NULL DEFAULT 0,
    createdTime INTEGER NOT NULL,
    expiresTime INTEGER,
    firstUsedTime INTEGER,
    revokedTime INTEGER) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX token_of_device ON token (deviceId)
    WHERE kind = 'device' AND revokedTime IS NULL;
  PRAGMA user_version = 1;`;

const DEVICE = 'a'.repeat(40);
const { folder, remove } = temporaryFolder();
afterAll(remove);

function doorsOf(
  name: string,
  sql: string,
  ...rows: (readonly (string | Uint8Array | number)[])[]
) {
  const data = path.join(folder, name);
  mkdirSync(data);
  const file = path.join(data, 'doors.sqlite');
  writeFileSync(file, '', { mode: 0o600 });
  const db = new DatabaseSync(file);
  db.exec(sql);
  for (const row of rows)
    db.prepare(
      'INSERT INTO token (id, kind, hash, name, deviceId, createdTime) VALUES (?, ?, ?, ?, ?, ?)',
    ).run(...row);
  db.close();
  return data;
}

test('tokens that version 1 kept still open their doors, and an operator can be added', () => {
  const [device, reader] = [newToken('device'), newToken('reader')];
  const data = doorsOf(
    'version-1',
    SCHEMA_1,
    [device.id, 'device', device.hash, 'host', DEVICE, 5],
    [reader.id, 'reader', reader.hash, 'soc', '', 6],
  );
  const doors = new Doors(data, () => 10);
  expect(doors.find(device.text)).toMatchObject({ deviceId: DEVICE, name: 'host', createdTime: 5 });
  expect(doors.find(reader.text)).toMatchObject({ kind: 'reader', replacedBy: null });
  expect(doors.find(doors.add({ kind: 'operator', name: 'lead' }))).toMatchObject({
    kind: 'operator',
  });
  doors.close();
  const again = new Doors(data, () => 10);
  expect(again.list().map(({ kind }) => kind)).toEqual(['device', 'reader', 'operator']);
  again.close();
});

test('a list of tokens of a newer version is refused, and not changed', () => {
  const data = doorsOf('newer', 'PRAGMA user_version = 99;');
  expect(() => new Doors(data, () => 0)).toThrow('written by a newer certsweep-collector');
  const db = new DatabaseSync(path.join(data, 'doors.sqlite'));
  expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
  db.close();
});
