import fc from 'fast-check';
import { type FuzzInput, pkcs7Inputs } from './inputs.ts';
import { type DerEdit, mutateDer } from './mutate-der.ts';
import { type FieldEdit, mutateFields } from './mutate-fields.ts';
import { type Region, regionsOf } from './structure-regions.ts';

/** Executions of one call of fast-check: each call has a seed of its own, so that any of them can be repeated alone. */
export const CHUNK = 2000;

const derEdit: fc.Arbitrary<DerEdit> = fc.record({
  how: fc.nat(11),
  place: fc.nat(9999),
  other: fc.nat(9999),
  amount: fc.nat(255),
  bytes: fc.uint8Array({ maxLength: 24 }),
});

const fieldEdit: fc.Arbitrary<FieldEdit> = fc.record({
  region: fc.nat(99),
  field: fc.nat(4095),
  how: fc.nat(7),
  value: fc.nat(0x7fffffff),
});

/** One input, taken as DER or as a file with fields, and what is changed in it. */
const mutation = fc.record({
  input: fc.nat(999),
  asDer: fc.boolean(),
  derEdits: fc.array(derEdit, { minLength: 1, maxLength: 4 }),
  fieldEdits: fc.array(fieldEdit, { minLength: 1, maxLength: 6 }),
});

/** What a chunk came to: undefined where nothing was found, else fast-check's report with how to repeat it. */
export type ChunkResult = string | undefined;

/** Changes structures of real files: DER tags and lengths, header fields, table entries, sectors, directory records. */
export class StructureFuzzer {
  readonly #files: readonly { input: FuzzInput; regions: readonly Region[] }[];
  readonly #signatures: readonly FuzzInput[];

  constructor(inputs: readonly FuzzInput[]) {
    this.#files = inputs.map((input) => ({ input, regions: regionsOf(input) }));
    this.#signatures = pkcs7Inputs(inputs);
  }

  /** `execute` reads one changed input and throws what it finds wrong. */
  runChunk(
    seed: number,
    runs: number,
    execute: (input: FuzzInput, bytes: Uint8Array) => void,
  ): ChunkResult {
    const property = fc.property(mutation, ({ input, asDer, derEdits, fieldEdits }) => {
      const signature = this.#signatures[input % this.#signatures.length];
      const file = this.#files[input % this.#files.length];
      if (asDer && signature) execute(signature, mutateDer(signature.bytes, derEdits));
      else if (file) execute(file.input, mutateFields(file.input.bytes, file.regions, fieldEdits));
    });
    const result = fc.check(property, { seed, numRuns: runs });
    if (!result.failed) return undefined;
    const error = result.errorInstance;
    return `${error instanceof Error ? error.stack : error}\n${fc.defaultReportMessage(result)}`;
  }
}
