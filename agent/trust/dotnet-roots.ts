import { readdirSync } from 'node:fs';
import path from 'node:path';
import { homeFolder } from '../home-folder.ts';
import { statIfThere } from './read-input.ts';
import type { RootSource } from './root-bundle.ts';
import { readRootFiles } from './root-files.ts';

/**
 * The roots that the newest .NET SDK brings for NuGet: Microsoft's programme, as two PEM files; undefined where none is
 * installed. They come without the programme's limits and dates.
 * Source: dotnet/sdk, src/Layout/redist/trustedroots/README.md; dotnet/designs, "Install location" for the folders.
 */
export function dotnetRoots(environment: NodeJS.ProcessEnv = process.env): RootSource | undefined {
  const found = dotnetFolders(environment).flatMap(sdksIn).sort(newestFirst)[0];
  if (found === undefined) return undefined;
  const { roots, restrictions, date } = readRootFiles([found.folder]);
  return {
    source: `dotnet-sdk ${found.version}`,
    path: found.folder,
    date,
    judges: true,
    roots,
    restrictions,
  };
}

interface Sdk {
  readonly version: string;
  /** Its trustedroots. */
  readonly folder: string;
}

/** DOTNET_ROOT, where it is set, is the only one: so it is for the SDK itself. */
function dotnetFolders({ DOTNET_ROOT, ProgramFiles }: NodeJS.ProcessEnv): string[] {
  if (DOTNET_ROOT !== undefined && DOTNET_ROOT !== '') return [DOTNET_ROOT];
  if (process.platform === 'win32')
    return [path.join(ProgramFiles ?? 'C:\\Program Files', 'dotnet')];
  const home = homeFolder();
  return [
    '/usr/share/dotnet',
    '/usr/lib/dotnet',
    '/usr/lib64/dotnet',
    '/usr/local/share/dotnet',
    '/snap/dotnet-sdk/current',
    ...(home === undefined ? [] : [path.join(home, '.dotnet')]),
  ];
}

function sdksIn(dotnet: string): Sdk[] {
  return namesIn(path.join(dotnet, 'sdk'))
    .filter((version) => /^\d+\.\d+\.\d+/.test(version))
    .map((version) => ({ version, folder: path.join(dotnet, 'sdk', version, 'trustedroots') }))
    .filter(({ folder }) =>
      ['codesignctl.pem', 'timestampctl.pem'].every((name) =>
        statIfThere(path.join(folder, name))?.isFile(),
      ),
    );
}

/** Numbers within the text compare as numbers: 10.0.100 is newer than 9.0.301. */
function newestFirst(left: Sdk, right: Sdk): number {
  return right.version.localeCompare(left.version, 'en', { numeric: true });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not there, or not ours to read: no SDK for us
  }
}
