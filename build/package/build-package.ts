import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { bundleProgram, project } from './bundle.ts';
import { writeLinuxExecutable } from './linux-executable.ts';
import { agent, collector, type Program } from './programs.ts';
import { fetchRuntime, type Platform, type Runtime } from './runtime.ts';
import { makeBlob } from './sea-blob.ts';
import { windowsExecutable } from './windows-executable.ts';

export interface PackageOptions {
  /** The folder that gets the executables. It is made where it is missing. */
  readonly out: string;
  /** Takes a line for each thing made. */
  readonly say: (line: string) => void;
}

/** Builds both programs for both platforms. */
export async function buildPackage({ out, say }: PackageOptions): Promise<void> {
  mkdirSync(out, { recursive: true });
  const runtimes: Record<Platform, Runtime> = {
    linux: fetchRuntime('linux'),
    win: fetchRuntime('win'),
  };
  for (const program of [agent, collector]) {
    const blob = await programBlob(program);
    for (const platform of ['linux', 'win'] as const) {
      const file = path.join(out, executableName(program, platform));
      const node = runtimes[platform].executable;
      if (platform === 'linux') await writeLinuxExecutable(file, { node, blob });
      else
        writeFileSync(file, windowsExecutable({ node, blob, program, version: manifest.version }));
      say(`${file}: ${(statSync(file).size / 1e6).toFixed(1)} MB`);
    }
  }
}

/** As `certsweep-linux-x64` and `certsweep-win-x64.exe`. */
export function executableName(program: Program, platform: Platform): string {
  return `${program.name}-${platform}-x64${platform === 'win' ? '.exe' : ''}`;
}

/** The part of an executable that is not Node: scripts and assets, the same for each platform. */
export async function programBlob(program: Program): Promise<Uint8Array> {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-package-'));
  try {
    const { main, workers } = await bundleProgram(program, folder);
    const assets = Object.entries(program.assets).map(([name, file]) => [
      name,
      path.join(project, file),
    ]);
    return makeBlob(
      {
        main,
        nodeOptions: program.nodeOptions,
        assets: { ...workers, ...Object.fromEntries(assets) },
      },
      folder,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
