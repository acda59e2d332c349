import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { defenderId } from '../../agent/defender-id.ts';
import { hashedId, identifyDevice, nameInHosts } from '../../agent/device.ts';

describe('identifyDevice', () => {
  test('takes what it is told', async () => {
    const id = 'ab'.repeat(20);
    expect(await identifyDevice({ id, name: 'image-7' })).toEqual({
      id,
      idSource: 'option',
      name: 'image-7',
    });
  });

  test('finds the same 40 hex digits each time, and says from where', async () => {
    const device = await identifyDevice({});
    expect(device.id).toMatch(/^[0-9a-f]{40}$/);
    expect(['machine-id', 'host-name']).toContain(device.idSource);
    expect(device.name).toContain(hostname().split('.')[0]);
    expect(await identifyDevice({})).toEqual(device);
  });
});

test.each([
  { name: 'onboarded', state: 1, senseId: ` ${'0A'.repeat(20)}\n`, id: '0a'.repeat(20) },
  { name: 'not onboarded any more', state: 0, senseId: '0a'.repeat(20), id: undefined },
  { name: 'of an unknown state', state: undefined, senseId: '0a'.repeat(20), id: undefined },
  { name: 'with something else for an id', state: 1, senseId: '0a'.repeat(19), id: undefined },
  { name: 'without an id', state: 1, senseId: undefined, id: undefined },
])('Defender has an id for the device where it is $name', ({ state, senseId, id }) => {
  expect(defenderId(state, senseId)).toBe(id);
});

test('a device keeps its id over versions: the salt never changes', () => {
  expect(hashedId('0123456789abcdef0123456789abcdef')).toBe(
    'f70a91ca089ac37f32908f64c967dff9fdb09678',
  );
  expect(hashedId(' 0123456789ABCDEF0123456789ABCDEF\n')).toBe(
    hashedId('0123456789abcdef0123456789abcdef'),
  );
});

test.each([
  {
    name: 'the usual line of Debian',
    hosts: '127.0.1.1 web7.example.org web7',
    full: 'web7.example.org',
  },
  {
    name: 'a comment behind it',
    hosts: '10.0.0.7 web7.example.org web7 # web7.wrong',
    full: 'web7.example.org',
  },
  { name: 'only the short name', hosts: '127.0.1.1 web7', full: undefined },
  { name: 'another host', hosts: '10.0.0.8 web77.example.org web77', full: undefined },
  { name: 'a commented line', hosts: '# 10.0.0.7 web7.example.org web7', full: undefined },
])('the full name in /etc/hosts: $name', ({ hosts, full }) => {
  expect(nameInHosts(`127.0.0.1 localhost\n${hosts}\n`, 'web7')).toBe(full);
});
