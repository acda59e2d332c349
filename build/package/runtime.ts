import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { project } from './bundle.ts';
import { readTarballMember } from './tarball.ts';

/** The platforms, as Node and the npm packages of its runtimes name them. */
export type Platform = 'linux' | 'win';

/** Node for one platform, as its npm package brings it. */
export interface Runtime {
  readonly platform: Platform;
  /** Of the npm package. */
  readonly name: string;
  readonly version: string;
  /** Subresource integrity of the package: the one that package-lock.json pins, and that was checked. */
  readonly integrity: string;
  readonly executable: Uint8Array;
  /** Of Node and what is in it; the package for Windows leaves it out. */
  readonly license: string | undefined;
}

const executables: Readonly<Record<Platform, string>> = {
  linux: 'package/bin/node',
  win: 'package/bin/node.exe',
};

const defaultCache = path.join(project, 'node_modules', '.cache', 'certsweep-runtimes');

/**
 * Node's runtime for `platform`, which need not be this one: `npm ci` installs its own platform's only. npm fetches its package into the
 * folder `cache`. Throws where the package's SHA-512 is not the one that package-lock.json pins, and removes it there.
 */
export function fetchRuntime(platform: Platform, cache = defaultCache): Runtime {
  const name = `node-${platform}-x64`;
  const { version, integrity } = lockedPackage(name);
  const file = path.join(cache, `${name}-${version}.tgz`);
  if (!existsSync(file)) fetchPackage(`${name}@${version}`, file);
  const tarball = readFileSync(file);
  const found = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  if (found !== integrity) {
    rmSync(file, { force: true });
    throw new Error(
      `${name}@${version} has ${found}, but package-lock.json pins ${integrity}: it was removed, build again to fetch it again`,
    );
  }
  const executable = readTarballMember(tarball, executables[platform]);
  if (!executable) throw new Error(`${name}@${version} holds no ${executables[platform]}`);
  const text = readTarballMember(tarball, 'package/LICENSE');
  const license = text && Buffer.from(text).toString('utf8');
  return { platform, name, version, integrity, executable, license };
}

/** Lets npm fetch a package and moves it to `file` when it is complete: another build may be looking for it. */
function fetchPackage(spec: string, file: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const folder = mkdtempSync(path.join(path.dirname(file), 'fetching-'));
  try {
    const options = ['--pack-destination', folder, '--prefer-offline', '--loglevel', 'error'];
    const stdio = ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'];
    execFileSync('npm', ['pack', spec, ...options], { cwd: project, stdio });
    renameSync(path.join(folder, path.basename(file)), file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lockedPackage(name: string): { version: string; integrity: string } {
  const lock = JSON.parse(readFileSync(path.join(project, 'package-lock.json'), 'utf8'));
  const { version, integrity } = lock.packages[`node_modules/${name}`] ?? {};
  if (typeof version !== 'string' || typeof integrity !== 'string')
    throw new Error(`package-lock.json pins no ${name}`);
  return { version, integrity };
}
