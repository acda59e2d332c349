import { chmodSync, chownSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { othersCanWrite } from '../../../agent/service/trusted-path.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = realpathSync(temporaryFolder());
const me = process.getuid?.() ?? 0;
let count = 0;

/** A folder of its own with a file in it, both private. */
function privateFile(): { file: string; above: string } {
  const above = path.join(folder, `case-${++count}`);
  mkdirSync(above, { mode: 0o700 });
  const file = path.join(above, 'config.yaml');
  writeFileSync(file, '', { mode: 0o600 });
  return { file, above };
}

if (process.platform === 'win32')
  console.warn('certsweep: POSIX modes cannot be tested here: LEFT OUT');

describe.skipIf(process.platform === 'win32')('others', () => {
  test('cannot change a private file below a folder such as /tmp', () => {
    expect(othersCanWrite(privateFile().file, me)).toBeUndefined();
  });

  test.each([0o620, 0o602, 0o666])('can write a file of mode %o', (mode) => {
    const { file } = privateFile();
    chmodSync(file, mode);
    const reason = `can be written by others (mode 0${mode.toString(8)})`;
    expect(othersCanWrite(file, me)).toEqual({ path: file, reason });
  });

  test.each([0o770, 0o777])('can replace a file in a folder of mode %o', (mode) => {
    const { file, above } = privateFile();
    chmodSync(above, mode);
    expect(othersCanWrite(file, me)?.path).toBe(above);
  });

  test('can replace what is two folders down', () => {
    const { above } = privateFile();
    const inner = path.join(above, 'inner');
    mkdirSync(inner, { mode: 0o700 });
    writeFileSync(path.join(inner, 'file'), '', { mode: 0o600 });
    chmodSync(above, 0o722);
    expect(othersCanWrite(path.join(inner, 'file'), me)?.path).toBe(above);
  });

  test('cannot replace a private file in a sticky folder that is open to all', () => {
    const { file, above } = privateFile();
    chmodSync(above, 0o1777);
    expect(othersCanWrite(file, me)).toBeUndefined();
  });

  test('can change what a trusted link leads to', () => {
    const { file, above } = privateFile();
    const target = privateFile();
    chmodSync(target.file, 0o666);
    symlinkSync(`../${path.basename(target.above)}/config.yaml`, path.join(above, 'link'));
    expect(othersCanWrite(path.join(above, 'link'), me)?.path).toBe(target.file);
    expect(othersCanWrite(file, me)).toBeUndefined();
  });

  test('can replace the second of two links', () => {
    const first = privateFile();
    const second = privateFile();
    const target = privateFile();
    symlinkSync(target.file, path.join(second.above, 'link'));
    symlinkSync(path.join(second.above, 'link'), path.join(first.above, 'link'));
    expect(othersCanWrite(path.join(first.above, 'link'), me)).toBeUndefined();
    chmodSync(second.above, 0o777);
    expect(othersCanWrite(path.join(first.above, 'link'), me)?.path).toBe(second.above);
  });

  test('a link in a circle ends', () => {
    const { above } = privateFile();
    symlinkSync('link', path.join(above, 'link'));
    expect(othersCanWrite(path.join(above, 'link'), me)?.reason).toBe('is a link in a circle');
  });

  test('what is not there yet counts by the folder that would hold it', () => {
    const { above } = privateFile();
    expect(othersCanWrite(path.join(above, 'no/such'), me)).toBeUndefined();
    chmodSync(above, 0o777);
    expect(othersCanWrite(path.join(above, 'no/such'), me)?.path).toBe(above);
  });

  test('can make what is not there in a sticky folder', () => {
    const { above } = privateFile();
    chmodSync(above, 0o1777);
    expect(othersCanWrite(path.join(above, 'state'), me)).toEqual({
      path: path.join(above, 'state'),
      reason: 'is not there, and others could make it',
    });
  });

  test('own what neither root nor this user owns', () => {
    const { file } = privateFile();
    // Without privileges nothing can be given away; a user that is not the owner asks instead.
    if (me === 0) chownSync(file, 65534, 65534);
    const asked = me === 0 ? 0 : me + 1;
    expect(othersCanWrite(file, asked)?.reason).toMatch(/^belongs to user \d+$/);
  });
});
