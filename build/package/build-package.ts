import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import type { ArchiveFile } from './archive-file.ts';
import { project } from './bundle.ts';
import { type Commit, readBuildCommit } from './commit.ts';
import { writeLinuxExecutable } from './linux-executable.ts';
import { makeProgramParts, type ProgramParts } from './program-parts.ts';
import { agent, collector, type Program } from './programs.ts';
import { fetchRuntime, type Platform, type Runtime } from './runtime.ts';
import { sbom } from './sbom.ts';
import { type Signing, signExecutable } from './sign.ts';
import { tarGz } from './tar-gz.ts';
import { windowsExecutable } from './windows-executable.ts';
import { zip } from './zip.ts';

export interface PackageOptions {
  /** The folder that gets everything. It is made where it is missing. */
  readonly out: string;
  readonly signing: Signing | undefined;
  /** Takes a line for each file made. */
  readonly say: (line: string) => void;
}

/** Builds both programs for both platforms: executables, archives of them, bills of materials, and the checksums of all that. */
export async function buildPackage({ out, signing, say }: PackageOptions): Promise<void> {
  mkdirSync(out, { recursive: true });
  const commit = readBuildCommit();
  const linux = fetchRuntime('linux');
  const runtimes: Record<Platform, Runtime> = { linux, win: fetchRuntime('win') };
  const nodeLicense = licenseOf(linux);
  const made: string[] = [];
  const done = (name: string): void => {
    made.push(name);
    const kilobytes = Math.ceil(statSync(path.join(out, name)).size / 1000);
    say(`${path.join(out, name)}: ${kilobytes.toLocaleString('en')} kB`);
  };

  for (const program of [agent, collector]) {
    const parts = await makeProgramParts(program, { commit, nodeLicense });
    for (const platform of ['linux', 'win'] as const) {
      const name = executableName(program, platform);
      const file = path.join(out, name);
      await writeExecutable(file, { program, node: runtimes[platform], parts });
      if (platform === 'win' && signing) signExecutable(file, signing);
      done(name);
      done(writeArchive(file, { program, platform, commit }));
    }
    const { packages } = parts;
    const parties = { program, version: manifest.version, commit, packages };
    const name = `${program.name}.cdx.json`;
    writeFileSync(path.join(out, name), sbom({ ...parties, runtimes: Object.values(runtimes) }));
    done(name);
  }
  writeFileSync(path.join(out, 'SHA256SUMS'), made.map((name) => checksum(out, name)).join(''));
  if (!signing)
    say(
      'The Windows executables are not signed: Windows warns of them. Whoever gives them to a fleet should sign them (--sign-key, --sign-certs).',
    );
}

/** As `certsweep-linux-x64` and `certsweep-win-x64.exe`. */
export function executableName(program: Program, platform: Platform): string {
  return `${program.name}-${platform}-x64${platform === 'win' ? '.exe' : ''}`;
}

/** The part of an executable that is not Node, as this checkout is now; the same for each platform. */
export async function programBlob(program: Program): Promise<Uint8Array> {
  const nodeLicense = licenseOf(fetchRuntime('linux'));
  const parts = await makeProgramParts(program, { commit: readBuildCommit(), nodeLicense });
  return parts.blob;
}

/** What Node says of its licence and those of what is in it. */
function licenseOf({ name, version, license }: Runtime): string {
  if (license === undefined) throw new Error(`${name} holds no licence text`);
  const title = `Node.js ${version}`;
  return `${title}\n${'='.repeat(title.length)}\n\n${license.trim()}\n`;
}

interface ExecutableParts {
  readonly program: Program;
  readonly node: Runtime;
  readonly parts: ProgramParts;
}

/** Writes one executable, for the platform of `node`. */
async function writeExecutable(file: string, given: ExecutableParts): Promise<void> {
  const { program, node, parts } = given;
  const { blob } = parts;
  if (node.platform === 'linux') {
    await writeLinuxExecutable(file, { node: node.executable, blob });
  } else {
    const { version } = manifest;
    writeFileSync(file, windowsExecutable({ node: node.executable, blob, program, version }));
    chmodSync(file, 0o755);
  }
}

/** Packs an executable, under its plain name, with our licence and what its rules rest on. Returns the archive's name. */
function writeArchive(
  file: string,
  { program, platform, commit }: { program: Program; platform: Platform; commit: Commit },
): string {
  const folder = `${program.name}-${manifest.version}`;
  const suffix = platform === 'win' ? '.exe' : '';
  const texts = ['LICENSE', 'NOTICE'].map((name) => ({
    name: `${folder}/${name}`,
    bytes: readFileSync(path.join(project, name)),
    mode: 0o644,
  }));
  const files: ArchiveFile[] = [
    { name: `${folder}/${program.name}${suffix}`, bytes: readFileSync(file), mode: 0o755 },
    ...texts,
  ];
  const name = `${program.name}-${platform}-x64${platform === 'win' ? '.zip' : '.tar.gz'}`;
  const archive = platform === 'win' ? zip(files, commit.time) : tarGz(files, commit.time);
  writeFileSync(path.join(path.dirname(file), name), archive);
  return name;
}

/** A line of SHA256SUMS, as `sha256sum --check` reads it. */
function checksum(folder: string, name: string): string {
  const digest = createHash('sha256').update(readFileSync(path.join(folder, name)));
  return `${digest.digest('hex')}  ${name}\n`;
}
