import path from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';

const project = path.join(import.meta.dirname, '../..');

/** The asset of the executable that holds the worker bundle. */
export const WORKER_ASSET = 'worker.cjs';

const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minify: true,
  logLevel: 'warning',
  legalComments: 'none',
  external: ['@napi-rs/nice'], // optional in piscina, native: thread priorities, which we do not set
};

/**
 * Bundles the agent into two scripts: the program, and a worker that holds Piscina's worker and our task. Inside an
 * executable neither is a file on disk; main.ts and the banners here make up for it.
 */
export async function bundleAgent(folder: string): Promise<{ main: string; worker: string }> {
  const main = path.join(folder, 'main.cjs');
  const worker = path.join(folder, WORKER_ASSET);
  await build({
    ...common,
    entryPoints: [path.join(import.meta.dirname, 'main.ts')],
    outfile: main,
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: 'const bundleUrl=require("node:url").pathToFileURL(process.execPath).href;' },
  });
  await build({
    ...common,
    entryPoints: [path.join(import.meta.dirname, 'worker.ts')],
    outfile: worker,
    plugins: [piscinaWorker],
    // Piscina's worker loads its task with require(file). Here that file is in the bundle, and nothing else is loaded.
    banner: { js: '(function(require,module,exports){' },
    footer: {
      js: `})(name=>{if(name.endsWith('inspect-batch.ts'))return globalThis.embeddedTask;const builtin=process.getBuiltinModule(name);if(!builtin)throw new Error('not in this executable: '+name);return builtin},{exports:{}},{});`,
    },
  });
  return { main, worker };
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
