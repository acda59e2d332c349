import { describe, expect, test } from 'vitest';
import { findRuleFiles, type RuleFileSystem } from '../../../parsers/rules/rule-files.ts';

type Tree = { readonly [name: string]: Tree | 'file' | 'other' };

/** A file system that is not there: what it would take too long to write to a disk. */
function fileSystem(nodeAt: (path: string) => Tree | 'file' | 'other' | undefined): RuleFileSystem {
  const kindOf = (path: string) => {
    const node = nodeAt(path);
    return typeof node === 'object' ? 'folder' : node;
  };
  return {
    kindOf,
    list: (folder) => {
      const names = Object.keys(nodeAt(folder) ?? {});
      return names.map((name) => {
        const path = `${folder}/${name}`;
        return { path, kind: kindOf(path) ?? 'other' };
      });
    },
    read: () => new Uint8Array(),
  };
}

const inTree = (tree: Tree) =>
  fileSystem((path) =>
    path
      .split('/')
      .reduce<Tree | 'file' | 'other' | undefined>(
        (node, name) => (typeof node === 'object' ? node[name] : undefined),
        tree,
      ),
  );

const tree: Tree = {
  rules: {
    'b.yaml': 'file',
    'a.YML': 'file',
    'a.txt': 'file',
    'link.yaml': 'other',
    deep: { 'c.yaml': 'file', empty: {} },
  },
  'filter.txt': 'file',
  empty: { none: {} },
};

test.each([
  [
    'a folder, in the order of names',
    ['rules'],
    ['rules/a.YML', 'rules/b.yaml', 'rules/deep/c.yaml'],
  ],
  ['a file of any name, as it is', ['filter.txt'], ['filter.txt']],
  [
    'a file once, however often it is named',
    ['rules/b.yaml', 'rules', 'rules'],
    ['rules/b.yaml', 'rules/a.YML', 'rules/deep/c.yaml'],
  ],
])('finds %s', (_name, paths, files) => {
  expect(findRuleFiles(paths, inTree(tree))).toEqual(files);
});

describe('refuses', () => {
  test.each([
    ['what is not there', ['rules', 'nowhere'], 'nowhere: nothing is there'],
    ['a device or a socket', ['rules/link.yaml'], 'rules/link.yaml is neither a file nor a folder'],
    ['a folder without rules', ['empty'], 'empty has no file *.yaml or *.yml in it'],
  ])('%s', (_name, paths, message) => {
    expect(() => findRuleFiles(paths, inTree(tree))).toThrow(
      expect.objectContaining({ name: 'RulePathError', message }),
    );
  });

  test('folders that nest without end', () => {
    const endless = fileSystem(() => ({ more: {} }));
    expect(() => findRuleFiles(['x'], endless)).toThrow(/^x(\/more){33} nests more than 32 deep$/);
  });

  test('folders of millions of files', () => {
    const many = Object.fromEntries(
      Array.from({ length: 200_001 }, (_, index) => [`${index}.bin`, 'file'] as const),
    );
    expect(() => findRuleFiles(['many'], inTree({ many }))).toThrow(/^many: too many files below/);
  });
});
