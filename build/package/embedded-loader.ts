/**
 * The first script of an executable and of each of its threads: loads the others, which are assets, each when it is asked for. So
 * `--version` compiles 0.1 MB of the 1.2 that a scan with shipping needs. What is neither embedded nor built into Node is not found:
 * nothing is loaded from disk, and scripts compiled like this cannot import() either.
 */
import { getAsset } from 'node:sea';
import type { Worker, WorkerOptions } from 'node:worker_threads';

/** The name of the entry to start with: a line before this script says it. */
declare const embeddedEntry: string;

type Require = (name: string) => unknown;

const { compileFunction } = process.getBuiltinModule('node:vm');
const loaded = new Map<string, { exports: unknown }>();

/** What `require` is in an embedded script. Files are known by their name alone, whatever the folder and the extension. */
function load(name: string): unknown {
  if (/^(node:)?worker_threads$/.test(name)) return embeddedThreads();
  return process.getBuiltinModule(name) ?? loadEmbedded(name);
}

function loadEmbedded(name: string): unknown {
  const script = scriptName(name);
  const known = loaded.get(script);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(script, module);
  const code = getAsset(script, 'utf8');
  const run = compileFunction(code, ['require', 'module', 'exports'], { filename: script });
  (run as (require: Require, module: object, exports: object) => void)(
    load,
    module,
    module.exports,
  );
  return module.exports;
}

function scriptName(file: string | URL): string {
  return String(file)
    .replace(/^.*[\\/]/, '')
    .replace(/(\.[jt]s)?$/, '.js');
}

let threads: object | undefined;

/** node:worker_threads with a Worker that runs the embedded script of the name of the file that it is given. */
function embeddedThreads(): object {
  if (threads) return threads;
  const builtin = process.getBuiltinModule('node:worker_threads') as { Worker: typeof Worker };
  class EmbeddedWorker extends builtin.Worker {
    constructor(file: string | URL, options?: WorkerOptions) {
      const first = `const embeddedEntry=${JSON.stringify(scriptName(file))};\n`;
      super(first + getAsset('loader.js', 'utf8'), { ...options, eval: true });
    }
  }
  threads = { ...builtin, Worker: EmbeddedWorker };
  return threads;
}

load(embeddedEntry);
