import { expect, test } from 'vitest';
import { licenseTexts, shippedPackages } from '../../../parsers/licenses/third-party-licenses.ts';

const lock = JSON.stringify({
  packages: {
    '': { version: '0.1.0' },
    'node_modules/@scope/plain': { version: '1.0.0', license: 'MIT', integrity: 'sha512-a' },
    'node_modules/absent': { version: '1.5.0', license: 'MIT', integrity: 'sha512-b' },
    'node_modules/bare': { version: '2.0.0', license: 'MIT', integrity: 'sha512-c' },
    'node_modules/bare/node_modules/rare': { version: '3.0.0', license: 'ISC', integrity: 'd' },
    'node_modules/tool': { version: '4.0.0', license: 'MIT', integrity: 'e', dev: true },
  },
});

const folders: Record<string, Record<string, string>> = {
  'node_modules/@scope/plain': {
    LICENSE: 'Take it.\r\nAll.\n',
    'licenses.ts': 'code',
    NOTICE: 'By me',
  },
  'node_modules/bare': { 'package.json': '{"author":{"name":"Ann"}}' },
  'node_modules/bare/node_modules/rare': { 'package.json': '{}' },
};

test('the packages that are shipped, nested ones among them', () => {
  expect(shippedPackages(lock).map(({ name, version }) => `${name} ${version}`)).toEqual([
    '@scope/plain 1.0.0',
    'absent 1.5.0',
    'bare 2.0.0',
    'rare 3.0.0',
  ]);
});

test('their texts, and what is known where there is none', () => {
  const text = licenseTexts(shippedPackages(lock), {
    list: (folder) => Object.keys(folders[folder] ?? {}),
    read: (file) => {
      const [, folder = '', name = ''] = /^(.*)\/(.*)$/.exec(file) ?? [];
      return folders[folder]?.[name] ?? '';
    },
  });
  const [plain, bare, rare, ...more] = text.split('\n\n\n');
  expect(more).toEqual([]);
  expect(plain).toBe('@scope/plain 1.0.0: MIT\n=======================\n\nTake it.\nAll.\n\nBy me');
  expect(bare).toContain('says MIT; its author is Ann.\n\nPermission is hereby granted');
  expect(rare).toBe(
    'rare 3.0.0: ISC\n===============\n\nThe package holds no licence text. Its package.json says ISC; its author is its authors.\n',
  );
});
