import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { GoneFiles } from '../../../agent/state/gone-files.ts';

function goneFiles(paths: readonly string[]): GoneFiles {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE gone (path TEXT, sha1 TEXT, rules TEXT, lastSeenMs INTEGER)');
  const gone = new GoneFiles(db);
  const add = db.prepare('INSERT INTO gone VALUES (?, ?, ?, ?)');
  for (const path of paths) add.run(path, null, '["rule"]', 0);
  return gone;
}

test('of flagged files that are gone the first 1,000 are listed and all are counted', () => {
  const { count, files } = goneFiles(Array.from({ length: 1500 }, (_, i) => `/${i}.exe`)).report();
  expect(count).toBe(1500);
  expect(files).toHaveLength(1000);
  expect(files[0]).toEqual({
    path: '/0.exe',
    sha1: null,
    rules: ['rule'],
    lastSeen: '1970-01-01T00:00:00.000Z',
  });
});

test('paths of an attacker cannot make the list longer than a collector takes', () => {
  // A control character takes six bytes of JSON.
  const long = `/${'\u0001'.repeat(4000)}`;
  const { count, files } = goneFiles(Array.from({ length: 1000 }, () => long)).report();
  expect(count).toBe(1000);
  expect(files.length).toBeGreaterThan(10);
  expect(Buffer.byteLength(JSON.stringify(files))).toBeLessThan(600 * 1024);
});
