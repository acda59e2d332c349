import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder, writeTree } from './agent/temporary-folder.ts';
import { haveShared, sharedFolder } from './corpus.ts';

const project = path.join(import.meta.dirname, '..');
const ID = '18f7c17b-65d4-4263-b9e2-587e84233989';
const OTHER_ID = '5882eb11-389c-4095-87f2-e1d3ecaa956c';
const rule = (id: string, condition: string): string =>
  `id: ${id}\nname: n\ndescription: d\ntactics:\n  - CommandAndControl\nrelevantTechniques:\n  - T1219\n` +
  `query: |\n  DeviceFileCertificateInfo\n  | where ${condition}\n`;

/** Both programs have the command: what one says the other must say too. */
describe.each(['agent', 'collector'])('rules, by the %s', (program) => {
  const run = (args: readonly string[], cwd?: string) => {
    const bin = path.join(project, program, 'bin.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'rules', ...args], {
      cwd,
      encoding: 'utf8',
    });
    return { status, lines: stdout.trimEnd().split('\n'), stderr };
  };

  test.skipIf(!haveShared())(
    'check: all 52 community files are repaired, none has an error',
    () => {
      const { status, lines, stderr } = run(['check', path.join(sharedFolder, 'rules/community')]);
      expect(lines.at(-1)).toBe('52 rules, 0 errors');
      expect(lines).toHaveLength(53);
      expect(lines.slice(0, 52).filter((line) => !line.startsWith('repaired '))).toEqual([]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    },
  );

  test('check: one line a file with the places of errors, and status 1', () => {
    const folder = temporaryFolder();
    writeTree(folder, {
      'a.yaml': rule(ID, "Signer has 'glavsoft'"),
      'deep/er/b.yml': rule(OTHER_ID, "Signr has 'x'"),
      'deep/c.yaml': `\uFEFF${rule(ID, "Signer != 'a' or Signer != 'b'")}`,
      'deep/d.yaml': 'name: x\nid: [1]\nquery: T\n',
      'notes.txt': 'no rule',
    });
    symlinkSync(folder, path.join(folder, 'deep/loop'));
    const { status, lines } = run(['check', '.'], folder);
    expect(lines.map((line) => line.replaceAll('\\', '/'))).toEqual([
      'ok       a.yaml',
      'errors   deep/c.yaml:1:1: error duplicate-id: id 18f7c17b-65d4-4263-b9e2-587e84233989 is that of a.yaml too; 10:11: error always-true: this condition is always true: no Signer equals both "a" and "b": "and", or !in, was meant; repaired: a byte order mark was dropped',
      'errors   deep/d.yaml:2:1: error rule-file: id: a text is expected here',
      "errors   deep/er/b.yml:10:11: error KS142: The name 'Signr' does not refer to any known column, table, variable or function.",
      '4 rules, 4 errors',
    ]);
    expect(status).toBe(1);
  });

  test('check --format json: the same for programs, warnings apart from errors', () => {
    const folder = temporaryFolder();
    writeTree(folder, { 'w.yaml': rule('w', "Signer has 'x'") });
    const { status, lines } = run(['check', 'w.yaml', '--format', 'json'], folder);
    expect(JSON.parse(lines.join('\n'))).toEqual({
      rules: 1,
      errors: 0,
      files: [
        {
          file: 'w.yaml',
          status: 'ok',
          id: 'w',
          name: 'n',
          repairs: [],
          findings: [
            {
              level: 'warning',
              code: 'odd-metadata',
              line: 1,
              column: 1,
              message: 'id w is no UUID',
            },
          ],
        },
      ],
    });
    expect(status).toBe(0);
  });

  test('check: of a filter the approval follows that says what it meant', () => {
    const folder = temporaryFolder();
    writeTree(folder, {
      'sccm.txt': 'process.parent.name != "msiexec.exe" or process.parent.name != "sccm.exe"',
    });
    const { status, lines } = run(['check', 'sccm.txt'], folder);
    expect(lines[0]).toMatch(/^errors {3}sccm\.txt:1:1: error always-true: .*CcmExec\.exe/);
    expect(lines.slice(1, 4)).toEqual([
      '# What the filter meant, as an approval:',
      'approvals:',
      '  - id: tightvnc-sccm',
    ]);
    expect(lines).toContain("      - { parent: 'CcmExec.exe' }");
    expect(lines.at(-1)).toBe('1 rules, 2 errors');
    expect(status).toBe(1);
  });

  test('check: a name that could redraw the terminal is escaped', () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'x\u001b[2J.yaml'), rule(ID, "Signer has 'glavsoft'"));
    expect(run(['check', folder]).lines[0]).toMatch(/x\\u\{1b\}\[2J\.yaml$/);
  });

  test.each([
    ['no path', [], 'missing required argument'],
    ['a path where nothing is', ['/nonexistent'], '/nonexistent: nothing is there'],
    ['a folder without rules', ['empty'], 'has no file *.yaml or *.yml in it'],
    ['a device', ['/dev/null'], 'is neither a file nor a folder'],
  ])('check: %s is status 2', (_name, paths, message) => {
    const folder = temporaryFolder();
    mkdirSync(path.join(folder, 'empty'));
    const { status, stderr } = run(['check', ...paths], folder);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
  });

  test('list: the built-in rules with tool and digest', () => {
    const { status, lines } = run(['list']);
    expect(lines[0]).toMatch(/^ID +TOOL +NAME +DIGEST$/);
    expect(lines.find((line) => line.startsWith(ID))).toMatch(/ TightVNC .* 503e30bf04c5$/);
    expect(status).toBe(0);
  });

  test('list --format json', () => {
    const rows = JSON.parse(run(['list', '--format', 'json']).lines.join('\n')) as { id: string }[];
    expect(rows.find(({ id }) => id === ID)).toEqual({
      id: ID,
      tool: 'TightVNC',
      name: 'Remote Management and Monitoring tool - TightVNC - File Signature',
      tactics: ['CommandAndControl'],
      techniques: ['T1219'],
      digest: '503e30bf04c5ee6c280a324344b9d29d0c4b0acc925b32061975491ade3ee508',
      flagsAtAgent: true,
    });
  });
});
