import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { damageCount, damaged } from '../../build/fuzz/damage.ts';
import { encodeTree, parseTree } from '../../build/fuzz/der-tree.ts';
import type { FuzzJob } from '../../build/fuzz/fuzz-job.ts';
import { fixturesFolder, pkcs7Inputs, readInputs } from '../../build/fuzz/inputs.ts';
import { randomIndices } from '../../build/fuzz/random-indices.ts';
import { readHostile } from '../../build/fuzz/read-hostile.ts';
import { runWatched } from '../../build/fuzz/watched.ts';
import { corpusFolder, haveShared } from '../corpus.ts';

/** CERTSWEEP_FUZZ_SEED repeats a run that found something. */
const seed = Number(process.env.CERTSWEEP_FUZZ_SEED ?? Date.now() % 2 ** 30);
/** Twenty-one inputs with the corpus, eleven without. */
const inputCount = haveShared() ? 21 : 11;

describe('hostile bytes', () => {
  test('give a value or a ParseError where files are cut or a byte is flipped', async () => {
    await expectNothing({ kind: 'damage', seed, perInput: 250, corpusFolder });
  });

  test('give a value or a ParseError where structures are changed', async () => {
    await expectNothing({ kind: 'structure', seed, executions: 6000, corpusFolder });
  });
});

async function expectNothing(job: FuzzJob): Promise<void> {
  const summary = await runWatched(job);
  const { executions, worst } = summary;
  console.log(
    `fuzz: ${job.kind}, CERTSWEEP_FUZZ_SEED=${seed}, ${executions} executions on ${summary.inputs} inputs,`,
    `at most ${worst.nodesPerByte.toFixed(2)} DER elements and ${worst.bytesReadPerByte.toFixed(1)} bytes read a byte`,
  );
  expect(summary.found).toEqual([]);
  expect(summary.inputs).toBe(inputCount);
  expect(summary.values).toBeGreaterThan(0);
  expect(summary.parseErrors).toBeGreaterThan(0);
}

describe('what the fuzzers damage', () => {
  test('reads well before it is damaged', () => {
    for (const input of readInputs(corpusFolder))
      expect([input.name, readHostile(input, input.bytes).kind]).toEqual([input.name, 'value']);
  });

  test('is cut first, then flipped, at every byte', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(damageCount(3)).toBe(12);
    expect(damaged(bytes, 4)).toEqual({ bytes: Uint8Array.of(1), what: 'cut at 1' });
    expect(damaged(bytes, 11)).toEqual({
      bytes: Uint8Array.of(1, 2, 252),
      what: 'byte 2 xor 0xff',
    });
  });

  test('is chosen by the seed: as many as asked for, ascending, each once', () => {
    const chosen = [...randomIndices(10_000, 250, 7)];
    expect(chosen).toHaveLength(250);
    expect(new Set(chosen).size).toBe(250);
    expect(chosen).toEqual(chosen.toSorted((a, b) => a - b));
    expect([...randomIndices(10_000, 250, 7)]).toEqual(chosen);
    expect([...randomIndices(10_000, 250, 8)]).not.toEqual(chosen);
    expect([...randomIndices(4, 4, 1)]).toEqual([0, 1, 2, 3]);
  });

  test('is taken apart to DER elements and put together to the same bytes', () => {
    const certificate = path.join(fixturesFolder, 'ca', 'root.pem');
    const base64 = readFileSync(certificate, 'utf8').replace(/-----[^-]+-----/g, '');
    const bytes = Buffer.from(base64, 'base64');
    const tree = parseTree(bytes);
    expect(tree && encodeTree(tree)).toEqual(bytes);
    expect(tree?.[0]?.children).toHaveLength(3);
    expect(pkcs7Inputs(readInputs(corpusFolder)).length).toBeGreaterThan(5);
  });
});
