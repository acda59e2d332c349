/**
 * `npm run fuzz -- --full`: every cut and every flipped byte of twenty signed files and a registry hive.
 * `npm run fuzz -- --executions N`: N changed structures. Both end with 1 where anything but a ParseError came out, or
 * an execution hung or took too much. `--seed S` repeats; `--corpus FOLDER` says where the real files are.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { FuzzJob, FuzzSummary } from './fuzz/fuzz-job.ts';
import { runWatched } from './fuzz/watched.ts';

const { values } = parseArgs({
  options: {
    full: { type: 'boolean', default: false },
    executions: { type: 'string', default: '0' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 30) },
    corpus: {
      type: 'string',
      default: path.join(import.meta.dirname, '../../shared/corpus/files'),
    },
  },
});

const seed = Number(values.seed);
const corpusFolder = path.resolve(values.corpus);
const executions = Number(values.executions);
if (values.full) await run({ kind: 'damage', seed, perInput: undefined, corpusFolder });
if (executions > 0) await run({ kind: 'structure', seed, executions, corpusFolder });
if (!values.full && !(executions > 0)) {
  console.error('usage: npm run fuzz -- --full | --executions N [--seed S] [--corpus FOLDER]');
  process.exitCode = 2;
}

async function run(job: FuzzJob): Promise<void> {
  const start = performance.now();
  let lastShown = start;
  const onProgress = (count: number) => {
    if (performance.now() - lastShown < 30_000) return;
    lastShown = performance.now();
    console.log(`${count} executions, ${Math.round((lastShown - start) / 1000)} s`);
  };
  console.log(`fuzz: ${job.kind}, seed ${job.seed}`);
  try {
    print(job, await runWatched(job, { onProgress }), (performance.now() - start) / 1000);
  } catch (error) {
    console.error(`fuzz: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

function print(job: FuzzJob, summary: FuzzSummary, seconds: number): void {
  const { inputs, executions: done, values: good, parseErrors, worst, found } = summary;
  console.log(
    `fuzz: ${job.kind}, seed ${job.seed}: ${done} executions on ${inputs} inputs in ${seconds.toFixed(0)} s:`,
    `${good} values, ${parseErrors} parse errors, ${found.length} faults`,
  );
  console.log(
    `at most ${worst.nodesPerByte.toFixed(2)} DER elements and ${worst.bytesReadPerByte.toFixed(1)} bytes read a byte,`,
    `${worst.milliseconds.toFixed(0)} ms an execution (${worst.slowest})`,
  );
  for (const fault of found) console.error(`\n${fault}`);
  if (found.length > 0) process.exitCode = 1;
}
