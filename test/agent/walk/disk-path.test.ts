import { describe, expect, test } from 'vitest';
import { fsPath, pathFromBytes, readablePath } from '../../../agent/walk/disk-path.ts';

describe('a name that is not UTF-8', () => {
  test.each([
    { name: 'plain ASCII', bytes: '612e657865', shown: 'a.exe' },
    { name: 'UTF-8 of two, three and four bytes', bytes: 'c3a9e282acf09f9492', shown: 'é€🔒' },
    { name: 'a Latin-1 letter', bytes: '63616ee9', shown: 'can\\xe9' },
    { name: 'a cut-off character at the end', bytes: '61e282', shown: 'a\\xe2\\x82' },
    { name: 'an overlong slash', bytes: 'c0af', shown: '\\xc0\\xaf' },
    { name: 'an encoded surrogate', bytes: 'eda080', shown: '\\xed\\xa0\\x80' },
    { name: 'a character past the last', bytes: 'f4908080', shown: '\\xf4\\x90\\x80\\x80' },
    { name: 'a character in overlong form', bytes: 'e0809f', shown: '\\xe0\\x80\\x9f' },
    {
      name: 'the last characters of three and four bytes',
      bytes: 'efbfbff48fbfbd',
      shown: '\uffff\u{10fffd}',
    },
    { name: 'a broken character and a good one', bytes: 'ffe282acff', shown: '\\xff€\\xff' },
    { name: 'the replacement character itself', bytes: 'efbfbd', shown: '\ufffd' },
    { name: 'a line break', bytes: '610a62', shown: 'a\nb' },
    { name: 'a byte order mark at the start', bytes: 'efbbbf61', shown: '\ufeffa' },
  ])('keeps every byte of $name', ({ bytes, shown }) => {
    const path = pathFromBytes(Buffer.from(bytes, 'hex'));
    expect(Buffer.from(fsPath(path)).toString('hex')).toBe(bytes);
    expect(readablePath(path)).toBe(shown);
  });
});

test('every pair of bytes comes back as it was, whatever it is', () => {
  for (let first = 0x80; first < 0x100; first++) {
    for (let second = 0; second < 0x100; second++) {
      const bytes = Buffer.of(first, second, 0x80, 0xbf);
      const path = pathFromBytes(bytes);
      expect(Buffer.from(fsPath(path)).equals(bytes), bytes.toString('hex')).toBe(true);
    }
  }
});
