/** A thread that fuzzes: does one job and posts its FuzzSummary. The watchdog outside ends it where it hangs. */
import { parentPort, workerData } from 'node:worker_threads';
import { damageCount, damaged } from './damage.ts';
import { countDerElements } from './effort.ts';
import { type FuzzJob, type FuzzSummary, type FuzzThreadData, PROGRESS } from './fuzz-job.ts';
import { readInputs } from './inputs.ts';
import { randomIndices } from './random-indices.ts';
import { readHostile } from './read-hostile.ts';
import { CHUNK, StructureFuzzer } from './structure.ts';
import { Tally } from './tally.ts';

/** Faults listed; where there are more the first say enough. */
const MOST_FOUND = 20;

const { job, progress } = workerData as FuzzThreadData;
countDerElements();
parentPort?.postMessage(job.kind === 'damage' ? fuzzDamage(job) : fuzzStructure(job));

function fuzzDamage({ seed, perInput, corpusFolder }: FuzzJob & { kind: 'damage' }): FuzzSummary {
  const inputs = readInputs(corpusFolder);
  const tally = new Tally();
  for (const [number, input] of inputs.entries()) {
    const count = damageCount(input.bytes.length);
    for (const index of randomIndices(count, perInput ?? count, seed + number)) {
      Atomics.store(progress, PROGRESS.input, number);
      Atomics.store(progress, PROGRESS.index, index);
      Atomics.add(progress, PROGRESS.executions, 1);
      const { bytes, what } = damaged(input.bytes, index);
      try {
        tally.timed(input.name, bytes.length, () => readHostile(input, bytes));
      } catch (error) {
        tally.found.push(`${input.name}, ${what}: ${(error as Error).stack}`);
        if (tally.found.length === MOST_FOUND) return tally.summary(inputs.length);
      }
    }
  }
  return tally.summary(inputs.length);
}

function fuzzStructure({
  seed,
  executions,
  corpusFolder,
}: FuzzJob & { kind: 'structure' }): FuzzSummary {
  const inputs = readInputs(corpusFolder);
  const fuzzer = new StructureFuzzer(inputs);
  const tally = new Tally();
  for (let left = executions, chunk = 0; left > 0; left -= CHUNK, chunk++) {
    Atomics.store(progress, PROGRESS.chunkSeed, seed + chunk);
    Atomics.store(progress, PROGRESS.index, 0);
    const result = fuzzer.runChunk(seed + chunk, Math.min(CHUNK, left), (input, bytes) => {
      Atomics.add(progress, PROGRESS.executions, 1);
      Atomics.add(progress, PROGRESS.index, 1);
      tally.timed(input.name, bytes.length, () => readHostile(input, bytes));
    });
    if (result !== undefined) tally.found.push(`structure, seed ${seed + chunk}: ${result}`);
    if (tally.found.length === MOST_FOUND) break;
  }
  return tally.summary(inputs.length);
}
