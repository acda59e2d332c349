import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CommandError } from '../../../agent/exit-status.ts';
import { NewTokenFile, readToken } from '../../../agent/ship/token-file.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const file = path.join(folder, 'token');

describe('readToken', () => {
  test.each([
    { name: 'can be read by others', content: 'secret', mode: 0o644, says: 'chmod 600' },
    { name: 'is empty', content: '\n', mode: 0o600, says: 'does not hold a token' },
    { name: 'holds two lines', content: 'a\nb', mode: 0o600, says: 'does not hold a token' },
    { name: 'is far too long', content: 'a'.repeat(5000), mode: 0o600, says: 'not hold a token' },
  ])('refuses a file that $name', ({ content, mode, says }) => {
    writeFileSync(file, content);
    chmodSync(file, mode);
    expect(() => readToken(file)).toThrow(CommandError);
    expect(() => readToken(file)).toThrow(says);
  });

  test('reads the token without its line end', () => {
    writeFileSync(file, 'secret\n');
    chmodSync(file, 0o600);
    expect(readToken(file)).toBe('secret');
  });
});

describe('a new token file', () => {
  test('is there whole, for its owner alone, and replaces what was there', () => {
    writeFileSync(file, 'old\n');
    chmodSync(file, 0o644);
    const made = new NewTokenFile(file);
    expect(readFileSync(file, 'utf8')).toBe('old\n');
    made.commit('new');
    made.close();
    expect({ text: readFileSync(file, 'utf8'), mode: statSync(file).mode & 0o777 }).toEqual({
      text: 'new\n',
      mode: 0o600,
    });
  });

  test('that is given up leaves nothing', () => {
    const before = readdirSync(folder);
    new NewTokenFile(path.join(folder, 'never')).close();
    expect(readdirSync(folder)).toEqual(before);
  });
});
