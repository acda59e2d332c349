import { describe, expect, test } from 'vitest';
import { type KeyPlan, registryHive } from '../../../build/fixtures/registry-hive.ts';
import { memorySource } from '../../../parsers/bytes/file-source.ts';
import { foldName } from '../../../parsers/registry/fold-name.ts';
import { openRegistryHive, type RegistryHive } from '../../../parsers/registry/registry-hive.ts';
import type { RegistryKey } from '../../../parsers/registry/registry-key.ts';
import { sweep } from '../sweep.ts';

const names = ['Alpha', 'Beta', 'Gamma', 'Delta', 'Epsilon'];
const subkeys = Object.fromEntries(names.map((name) => [name, { values: { is: name } }]));
const large = Uint8Array.from({ length: 40_000 }, (_, index) => index % 251);

const plan: KeyPlan = {
  keys: {
    Values: {
      values: {
        '': 'the default',
        Text: 'Straße 7',
        Number: 0xfffffffe,
        Bytes: Uint8Array.of(1, 2, 3),
        Empty: new Uint8Array(),
        Texts: ['one', 'two'],
        'Größe Ω': 'wide',
        Large: large,
      },
    },
    Index: { list: 'li', keys: subkeys },
    Fast: { list: 'lf', keys: subkeys },
    Hashed: { list: 'lh', keys: subkeys },
    Split: { list: 'ri', keys: subkeys },
    Ωmega: { keys: { Café: {} } },
  },
};

function open(bytes: Uint8Array): RegistryHive {
  return openRegistryHive(memorySource(Uint8Array.from(bytes)));
}

describe('a value', () => {
  const values = open(registryHive(plan)).root.key('Values');

  test.each([
    { name: '', data: { kind: 'text', text: 'the default' } },
    { name: 'Text', data: { kind: 'text', text: 'Straße 7' } },
    { name: 'Number', data: { kind: 'number', number: 0xfffffffe } },
    { name: 'Bytes', data: { kind: 'bytes', bytes: Uint8Array.of(1, 2, 3) } },
    { name: 'Empty', data: { kind: 'bytes', bytes: new Uint8Array() } },
    { name: 'Texts', data: { kind: 'texts', texts: ['one', 'two'] } },
    { name: 'gRÖSSE ω', data: undefined },
    { name: 'gRÖßE ω', data: { kind: 'text', text: 'wide' } },
    { name: 'large', data: { kind: 'bytes', bytes: large } },
    { name: 'absent', data: undefined },
  ])('"$name" is read by its type', ({ name, data }) => {
    expect(values?.value(name)).toEqual(data);
  });
});

describe('keys', () => {
  const { root } = open(registryHive(plan));

  test.each(['Index', 'Fast', 'Hashed', 'Split'])('are listed by a list of kind %s', (list) => {
    const keys = [...(root.key(list)?.subkeys() ?? [])];
    expect(keys.map(({ name }) => name)).toEqual(names.toSorted());
    for (const name of names)
      expect(root.key(`${list}\\${name.toUpperCase()}`)?.value('is')).toEqual({
        kind: 'text',
        text: name,
      });
  });

  test('compare as Windows compares them', () => {
    expect(root.key('ΩMEGA\\CAFÉ')?.name).toBe('Café');
    expect(root.key('Values\\absent')).toBeUndefined();
    expect(root.key('absent\\Values')).toBeUndefined();
    expect(foldName('Straße ſı ÿ')).toBe('STRAßE ſı Ÿ');
  });
});

describe('a dirty hive', () => {
  test('says so, and is read as it is', () => {
    const hive = open(registryHive(plan, { sequence: [8, 7] }));
    expect(hive.isDirty).toBe(true);
    expect(hive.root.key('Values')?.value('Text')).toEqual({ kind: 'text', text: 'Straße 7' });
  });

  test('may also be one with a wrong checksum', () => {
    expect(open(registryHive(plan)).isDirty).toBe(false);
    expect(open(patched(60, 0x41)).isDirty).toBe(true); // in the file name
  });
});

describe('refuses', () => {
  test.each([
    { name: 'an empty file', bytes: new Uint8Array(), code: 'truncated', offset: 0 },
    { name: 'another file', bytes: Buffer.alloc(8192, 'MZ'), code: 'bad-magic', offset: 0 },
    { name: 'a log file', bytes: patched(28, 6), code: 'unsupported', offset: 20 },
    { name: 'no hive bin', bytes: patched(4096, 0), code: 'bad-magic', offset: 4096 },
    {
      name: 'a root beyond the end',
      bytes: patched(38, 0xff),
      code: 'truncated',
      offset: 0xff1050,
    },
    {
      name: 'a root cell not in use',
      bytes: patched(4176 + 3, 0),
      code: 'bad-value',
      offset: 4176,
    },
    {
      name: 'a root that is no key',
      bytes: patched(4180, 0),
      code: 'bad-magic',
      offset: 4180,
    },
  ])('$name', ({ bytes, code, offset }) => {
    expect(() => open(bytes)).toThrow(
      expect.objectContaining({ name: 'ParseError', code, offset }) as Error,
    );
  });

  test('a key whose list of subkeys leads to its own index root', () => {
    const bytes = Buffer.from(registryHive({ list: 'ri', keys: { a: {}, b: {}, c: {} } }));
    const root = bytes.indexOf('ri');
    bytes.writeUInt32LE(root - 4 - 4096, root + 4);
    expect(() => [...open(bytes).root.subkeys()]).toThrow(
      expect.objectContaining({ code: 'too-deep' }) as Error,
    );
  });

  test('a small hive that leads on without an end', () => {
    // 60,000 elements of an index root lead to one leaf of 60,000: 3.6 thousand million keys.
    const bytes = endlessHive(60_000);
    expect(() => open(bytes).root.key('absent')).toThrow(
      expect.objectContaining({ code: 'too-many' }) as Error,
    );
  });

  test('a value that claims more than 16 MB', () => {
    const bytes = Buffer.from(registryHive({ values: { v: Buffer.alloc(64) } }));
    bytes.writeUInt32LE(0x7fffffff, bytes.indexOf('vk') + 4);
    expect(() => open(bytes).root.value('v')).toThrow(
      expect.objectContaining({ code: 'bad-length' }) as Error,
    );
  });
});

test('a damaged hive gives keys and values or a ParseError', () => {
  const small: KeyPlan = {
    values: { t: 'text', m: ['a', 'b'] },
    keys: { Split: { list: 'ri', keys: subkeys }, Fast: { list: 'lf', keys: { a: {}, b: {} } } },
  };
  const bytes = registryHive(small);
  const tried = sweep(bytes.subarray(0, 6500), (damaged) => {
    const whole = damaged.length < 6500 ? damaged : Buffer.concat([damaged, bytes.subarray(6500)]);
    readAll(open(whole).root, 0);
  });
  expect(tried).toBe(6500 * 4);
}, 120_000);

/** Keys may lead back to themselves: it is for the reader to stop. */
function readAll(key: RegistryKey, depth: number): void {
  key.value('t');
  key.value('m');
  if (depth < 3) for (const below of key.subkeys()) readAll(below, depth + 1);
}

/** The hive of `plan` with one byte changed. */
function patched(offset: number, value: number): Buffer {
  const bytes = Buffer.from(registryHive(plan));
  bytes[offset] = value;
  return bytes;
}

function endlessHive(count: number): Buffer {
  const keys = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, {}]));
  const bytes = Buffer.from(registryHive({ list: 'ri', keys }));
  const root = bytes.indexOf('nk');
  const leafOffset = bytes.readUInt32LE(bytes.indexOf('ri') + 4);
  const keyOffset = bytes.readUInt32LE(bytes.indexOf('lh') + 4);
  const end = bytes.length - 4096;
  const leaf = cell(Buffer.concat([header('li', count), repeated(keyOffset, count)]));
  const index = cell(Buffer.concat([header('ri', count), repeated(end, count)]));
  expect(leafOffset).toBeGreaterThan(0);
  bytes.writeUInt32LE(end + leaf.length, root + 28);
  bytes.writeUInt32LE(end + leaf.length + index.length, 40);
  return Buffer.concat([bytes, leaf, index]);
}

function cell(content: Buffer): Buffer {
  const size = Math.ceil((content.length + 4) / 8) * 8;
  const bytes = Buffer.alloc(size);
  bytes.writeInt32LE(-size);
  content.copy(bytes, 4);
  return bytes;
}

function header(signature: string, count: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.write(signature, 'latin1');
  bytes.writeUInt16LE(count, 2);
  return bytes;
}

function repeated(value: number, count: number): Buffer {
  const bytes = Buffer.alloc(count * 4);
  for (let index = 0; index < count; index++) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}
