import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../agent/inspect/file-outcome.ts';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { peBytes } from '../pe-bytes.ts';
import { parseLines, runAgent } from '../run-agent.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';

const folder = temporaryFolder();

/** A mount namespace of its own: what is mounted there is gone when its last process ends. */
const ownMounts = ['unshare', '--mount', '--propagation', 'private', '/bin/sh', '-ec'];

function can(script: string): boolean {
  const [program = '', ...args] = [...ownMounts, script];
  return spawnSync(program, args, { cwd: folder }).status === 0;
}

const canMount = can('mkdir -p probe && mount -t tmpfs none probe');
if (!canMount) console.warn('certsweep: this user may not mount: hostile mounts LEFT OUT');

const image = path.join(folder, 'probe.img');
const canLoop = canMount && makeImage(image, []) && can(`mount -o loop ${image} probe`);
if (!canLoop) console.warn('certsweep: no loop devices or no mkfs.ext4 here: ext4 images LEFT OUT');

function makeImage(file: string, options: readonly string[]): boolean {
  writeFileSync(file, '');
  truncateSync(file, 4 * 1024 * 1024);
  return spawnSync('mkfs.ext4', ['-q', '-F', ...options, file]).status === 0;
}

/** Scans `root` after `mounts`, a shell's lines. Files and problems by their paths below it. */
async function scan(
  root: string,
  mounts: string,
  args: readonly string[] = [],
  namespaces: readonly string[] = [],
) {
  const out = `${root}-${args.join('')}.ndjson`;
  const all = ['scan', root, '--format', 'ndjson', '--out', out, '--errors', `${out}.errors`];
  const { status } = await runAgent([...all, ...args], {
    through: [
      'unshare',
      ...namespaces,
      ...ownMounts.slice(1),
      `cd "$0"; ${mounts}\nexec "$@"`,
      root,
    ],
  });
  return {
    status,
    files: parseLines<FileCertificateRecord>(readFileSync(out, 'utf8'))
      .map(({ FolderPath, FileName }) =>
        path.relative(root, path.join(FolderPath ?? '', FileName ?? '')),
      )
      .sort(),
    problems: parseLines<Problem>(readFileSync(`${out}.errors`, 'utf8'))
      .map(({ path: place, reason }) => `${path.relative(root, place)} ${reason}`)
      .sort(),
  };
}

function makeRoot(name: string, folders: readonly string[]): string {
  const root = path.join(folder, name);
  writeTree(root, { 'a.exe': peBytes() });
  for (const made of folders) mkdirSync(path.join(root, made));
  return root;
}

describe.skipIf(!canMount)('mounts', () => {
  test('a folder bound below itself ends', async () => {
    const root = makeRoot('loop', ['loop']);
    expect(await scan(root, 'mount --bind . loop')).toEqual({
      status: 0,
      files: ['a.exe', 'loop/a.exe'],
      problems: [],
    });
  });

  test('--one-file-system enters what is bound from the same disk, and no other, as find -xdev does', async () => {
    const root = makeRoot('bound', ['data', 'bound', 'other']);
    const mounts =
      'cp a.exe data; mount --bind data bound; mount -t tmpfs none other; cp a.exe other';
    expect(await scan(root, mounts, ['--one-file-system'])).toEqual({
      status: 0,
      files: ['a.exe', 'bound/a.exe', 'data/a.exe'],
      problems: ['other other-file-system'],
    });
    const [program = '', ...args] = [
      ...ownMounts,
      `${mounts}; find . -xdev -name '*.exe' -printf '%P\\n' | sort`,
    ];
    expect(execFileSync(program, args, { cwd: root, encoding: 'utf8' })).toBe(
      'a.exe\nbound/a.exe\ndata/a.exe\n',
    );
  });

  test('made-up file systems are left out wherever they are mounted or bound, unless asked for', async () => {
    const root = makeRoot('made-up', ['proc', 'bound']);
    const mounts = 'mount -t proc none proc; mount --bind /proc/sys bound';
    expect(await scan(root, mounts)).toEqual({
      status: 0,
      files: ['a.exe'],
      problems: ['bound virtual-file-system', 'proc virtual-file-system'],
    });
  });

  test('a link as root does not hide what is mounted below it', async () => {
    const root = makeRoot('behind', ['proc']);
    execFileSync('ln', ['-s', root, `${root}-link`]);
    const { status, problems } = await scan(`${root}-link`, 'mount -t proc none proc');
    expect({ status, problems }).toEqual({ status: 0, problems: ['proc virtual-file-system'] });
  });

  test('links do not lead around what is left out', async () => {
    const root = makeRoot('linked', ['proc', 'data']);
    execFileSync('ln', ['-s', 'data', path.join(root, 'to-data')]);
    execFileSync('ln', ['-s', 'proc/1', path.join(root, 'to-proc')]);
    const mounts = 'mount -t proc none proc; mount -t tmpfs none data; cp a.exe data/b.exe';
    expect(await scan(root, mounts, ['--follow-links'])).toEqual({
      status: 0,
      files: ['a.exe', 'data/b.exe'],
      problems: ['proc virtual-file-system', 'proc/1 virtual-file-system'],
    });
  });
});

describe.skipIf(!canLoop)('an ext4 image', () => {
  test.each([
    { name: 'read-only and without execution', options: [], mount: 'ro,noexec,nodev,nosuid' },
    {
      name: 'that does not say in a listing what an entry is',
      options: ['-O', '^filetype'],
      mount: 'ro',
    },
  ])('$name is read like any other disk', async ({ name, options, mount }) => {
    const root = makeRoot(name.replaceAll(' ', '-'), ['disk']);
    const made = `${root}.img`;
    expect(makeImage(made, options)).toBe(true);
    const script = `
      mount -o loop ${made} disk; mkdir disk/in; cp a.exe disk/in/b.exe; ln -s in disk/link; mkfifo disk/pipe
      umount disk; mount -o loop,${mount} ${made} disk`;
    expect(await scan(root, script)).toEqual({
      status: 0,
      files: ['a.exe', 'disk/in/b.exe'],
      problems: [],
    });
  });

  test('that is asked about each entry loses no other where one goes in between', async () => {
    const root = makeRoot('asked', ['disk']);
    const made = `${root}.img`;
    expect(makeImage(made, ['-O', '^filetype'])).toBe(true);
    const churn = `
      process.chdir('disk');
      const at = (round) => 'gone' + (round % 200);
      for (let round = 0; ; round++) {
        try { fs.writeFileSync(at(round), ''); fs.rmSync(at(round + 100)); } catch (error) { if (!error.code) throw error }
        if (round === 1000) fs.writeFileSync('ready', '');
      }`;
    // The agent is the first process of its own namespace: what runs beside it ends with it.
    const script = `
      mount -o loop ${made} disk; for i in $(seq 100); do cp a.exe disk/$i.exe; done
      ${process.execPath} -e "${churn}" &
      while [ ! -e disk/ready ]; do sleep 0.1; done`;
    const { files } = await scan(root, script, [], ['--pid', '--fork']);
    const expected = ['a.exe', ...Array.from({ length: 100 }, (_, i) => `disk/${i + 1}.exe`)];
    expect(files).toEqual(expected.sort());
  });
});
