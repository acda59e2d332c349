import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The resource in which Node looks for its script. */
export const BLOB_NAME = 'NODE_SEA_BLOB';
/** The marker in Node's own bytes: `:0` after it means that there is no such resource, `:1` that there is. */
export const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

export interface BlobPlan {
  readonly main: string;
  readonly nodeOptions: readonly string[];
  /** Files, by the name under which the program asks for them. */
  readonly assets: Readonly<Record<string, string>>;
}

/**
 * The blob that makes a program of a Node executable, the same for each platform: it holds no code cache and no snapshot. The same inputs
 * give the same bytes, wherever `folder`, below which `main` lies, may be. Source: Node.js, "Single executable applications".
 */
export function makeBlob({ main, nodeOptions, assets }: BlobPlan, folder: string): Uint8Array {
  const config = {
    main: path.relative(folder, main), // it is in the blob: a whole path would tell where it was built
    output: 'program.blob',
    disableExperimentalSEAWarning: true,
    execArgv: nodeOptions,
    execArgvExtension: 'none', // NODE_OPTIONS of the host are not ours
    useSnapshot: false,
    useCodeCache: false,
    assets: Object.fromEntries(Object.entries(assets).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
  writeFileSync(path.join(folder, 'sea.json'), JSON.stringify(config));
  execFileSync(process.execPath, ['--experimental-sea-config', 'sea.json'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'], // what it says goes into the error, where there is one
  });
  return readFileSync(path.join(folder, config.output));
}
