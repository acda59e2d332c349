import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { toStream } from '../../../agent/report/record-output.ts';

/** Fails at the write of that number, the first being 1. */
function failingStream(code: string, at: number): Writable {
  let writes = 0;
  return new Writable({
    write(_chunk, _encoding, done) {
      writes += 1;
      done(writes < at ? null : Object.assign(new Error(code), { code }));
    },
  });
}

describe('standard output that cannot be written', () => {
  const full = {
    name: 'CommandError',
    message: 'cannot write standard output: the disk is full (ENOSPC)',
  };

  test('fails the next write', async () => {
    const output = toStream(failingStream('ENOSPC', 2), () => {});
    await output.write('one');
    await output.write('two').catch(() => {}); // who fails, this one or the next, is the stream's affair
    await new Promise(setImmediate);
    await expect(output.write('three')).rejects.toMatchObject(full);
  });

  test('fails the end where it was the last write', async () => {
    const output = toStream(failingStream('ENOSPC', 1), () => {});
    await output.write('one');
    await expect(output.end()).rejects.toMatchObject(full);
  });

  test('is no failure where its reader has gone', async () => {
    let gone = 0;
    const output = toStream(failingStream('EPIPE', 1), () => {
      gone += 1;
    });
    await output.write('one');
    await output.end();
    await output.write('two');
    expect(gone).toBe(1);
  });
});
