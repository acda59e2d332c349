import { appendFileSync, readFileSync, renameSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FileChannel } from '../../../collector/notify/file-channel.ts';
import { temporaryFolder } from '../collector-process.ts';
import { notice } from './notices.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const channelTo = (file: string) => new FileChannel({ kind: 'file', name: 'log', path: file });
const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('appends a line a notice, in a file that only its owner can read', async () => {
  const file = path.join(folder, 'findings.ndjson');
  const [first, second, third] = [notice(), notice({ path: 'C:\\a\nb\u2028c' }), notice()];
  expect(await channelTo(file).send([first, second])).toEqual({ kind: 'delivered' });
  expect(await channelTo(file).send([third])).toEqual({ kind: 'delivered' });
  expect(linesOf(file)).toEqual([first, second, third]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('goes on in a new file after logrotate has renamed the old one', async () => {
  const file = path.join(folder, 'rotated.ndjson');
  const channel = channelTo(file);
  await channel.send([notice()]);
  renameSync(file, `${file}.1`);
  await channel.send([notice({ deviceName: 'pc8' })]);
  expect(linesOf(`${file}.1`)).toEqual([notice()]);
  expect(linesOf(file)).toEqual([notice({ deviceName: 'pc8' })]);
});

test('a line that a crash cut off costs itself only', async () => {
  const file = path.join(folder, 'cut.ndjson');
  await channelTo(file).send([notice()]);
  appendFileSync(file, '{"id":"012');
  await channelTo(file).send([notice({ deviceName: 'pc8' })]);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines[1]).toBe('{"id":"012');
  expect(JSON.parse(lines[2] as string)).toEqual(notice({ deviceName: 'pc8' }));
});

test.each([
  { name: 'a folder that is not there', file: 'none/findings.ndjson', reason: 'ENOENT' },
  { name: 'a link', file: 'link.ndjson', reason: 'ELOOP' },
])('$name is tried again, and the reason told', async ({ file, reason }) => {
  if (file === 'link.ndjson') symlinkSync(path.join(folder, 'elsewhere'), path.join(folder, file));
  expect(await channelTo(path.join(folder, file)).send([notice()])).toMatchObject({
    ...{ kind: 'retry', reason: expect.stringContaining(reason) },
  });
});
