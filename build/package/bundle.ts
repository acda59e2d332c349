import path from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import type { Program } from './programs.ts';

/** The checkout. */
export const project = path.join(import.meta.dirname, '../..');

const common = {
  absWorkingDir: project,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minify: true,
  metafile: true,
  logLevel: 'warning',
  legalComments: 'none', // the licences are inside as a whole
  external: ['@napi-rs/nice'], // optional in piscina, native: thread priorities, which we do not set
} as const satisfies BuildOptions;

/** The scripts of one program. */
export interface Bundle {
  readonly main: string;
  /** By the name of the file that the source gives to `new Worker`. */
  readonly workers: Readonly<Record<string, string>>;
  readonly metafiles: readonly Metafile[];
}

/** Writes the scripts of `program` into `folder`: one for the main thread, one for each kind of worker. */
export async function bundleProgram(program: Program, folder: string): Promise<Bundle> {
  const main = path.join(folder, 'main.cjs');
  const result = await build({
    ...common,
    entryPoints: [program.entry],
    outfile: main,
    define: { 'import.meta.url': 'bundleUrl', 'import.meta.dirname': 'bundleFolder' },
    banner: {
      js: 'const bundleFolder=process.execPath,bundleUrl=require("node:url").pathToFileURL(bundleFolder).href;',
    },
  });
  const metafiles = [result.metafile];
  const workers: Record<string, string> = {};
  for (const [name, entry] of Object.entries(program.workers)) {
    const worker = path.join(folder, `${name}.cjs`);
    workers[name] = worker;
    metafiles.push(await bundleWorker(entry, worker));
  }
  return { main, workers, metafiles };
}

/**
 * A worker's require resolves from the current directory, since its script has no file. Here it gives what Node has built in, and
 * nothing else but the task for which Piscina's worker asks by file name: that one is in the bundle.
 */
async function bundleWorker(entry: string, outfile: string): Promise<Metafile> {
  const { metafile } = await build({
    ...common,
    entryPoints: [entry],
    outfile,
    plugins: [piscinaWorker],
    define: { 'import.meta.url': '""', 'import.meta.dirname': '""' },
    banner: { js: '(function(require,module,exports){' },
    footer: {
      js: `})(name=>{if(globalThis.embeddedTask&&name.endsWith('inspect-batch.ts'))return globalThis.embeddedTask;const builtin=process.getBuiltinModule(name);if(!builtin)throw new Error('not in this executable: '+name);return builtin},{exports:{}},{});`,
    },
  });
  return metafile;
}

/** Piscina does not export its worker; in the bundle it is a module like any other. */
const piscinaWorker: Plugin = {
  name: 'piscina-worker',
  setup({ onResolve }) {
    onResolve({ filter: /^piscina\/worker$/ }, () => ({
      path: path.join(project, 'node_modules/piscina/dist/worker.js'),
    }));
  },
};
