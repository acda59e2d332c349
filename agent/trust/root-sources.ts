import path from 'node:path';
import { CommandError } from '../exit-status.ts';
import { dotnetRoots } from './dotnet-roots.ts';
import type { RootSource } from './root-bundle.ts';
import { readRootFiles } from './root-files.ts';
import { readRootStore, rootStoreFolder } from './root-store.ts';
import { tlsRoots } from './tls-roots.ts';
import { windowsRoots } from './windows-roots.ts';

export interface RootOptions {
  /** Of `--roots`. */
  readonly roots?: readonly string[] | undefined;
  /** Of `--store`: the folder of imported roots. */
  readonly store?: string | undefined;
  /** Set where the files are of another machine: its own roots, null where it has none. This machine's store is then not asked. */
  readonly image?: RootSource | null | undefined;
}

/**
 * The sources of roots at hand, the one that judges first: `--roots`, a mounted image's own, what was imported, Windows'
 * machine store, the .NET SDK, Node's TLS roots. Each is only read when it is asked for. One is used, never a mixture: a verdict then depends on a
 * set of roots that has a name.
 */
export async function* rootSources(options: RootOptions): AsyncGenerator<RootSource> {
  const { roots, store, image } = options;
  if (roots !== undefined) yield givenRoots(roots);
  if (image) yield image;
  const ofMachine = image === undefined ? () => windowsRoots() : () => undefined;
  const others = [() => importedRoots(store), ofMachine, () => dotnetRoots(), tlsRoots];
  for (const read of others) {
    const source = await read();
    if (source !== undefined) yield source;
  }
}

/** The source that judges. */
export async function chooseRoots(options: RootOptions): Promise<RootSource> {
  for await (const source of rootSources(options)) return source;
  throw new CommandError('no roots at hand'); // Node was built without TLS
}

/** A store that was named and holds nothing is an error: the next source would judge otherwise. */
function importedRoots(store: string | undefined): RootSource | undefined {
  const folder = rootStoreFolder(store);
  const source = folder === undefined ? undefined : readRootStore(folder);
  if (source !== undefined || store === undefined) return source;
  throw new CommandError(`--store ${store}: nothing was imported there`);
}

function givenRoots(places: readonly string[]): RootSource {
  const { roots, restrictions, date } = readRootFiles(places);
  const names = places.map((place) => path.resolve(place)).join(', ');
  return { source: `roots:${names}`, path: names, date, judges: true, roots, restrictions };
}
