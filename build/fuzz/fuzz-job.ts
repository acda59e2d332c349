/** What a fuzzing thread is to do. The seed decides everything. */
export type FuzzJob =
  | {
      readonly kind: 'damage';
      readonly seed: number;
      /** Cuts and flips tried of each input, chosen by the seed; undefined: all there are. */
      readonly perInput: number | undefined;
      readonly corpusFolder: string;
    }
  | {
      readonly kind: 'structure';
      readonly seed: number;
      readonly executions: number;
      readonly corpusFolder: string;
    };

export interface FuzzSummary {
  readonly inputs: number;
  readonly executions: number;
  readonly values: number;
  readonly parseErrors: number;
  /** The most that one execution took. */
  readonly worst: {
    readonly nodesPerByte: number;
    readonly bytesReadPerByte: number;
    readonly milliseconds: number;
    /** The input that took them. */
    readonly slowest: string;
  };
  /** What must not be: how it came about and how to repeat it. Empty is good. */
  readonly found: readonly string[];
}

/** What the watchdog reads of a thread that no longer answers: shared memory, since a busy thread sends nothing. */
export const PROGRESS = { executions: 0, input: 1, index: 2, chunkSeed: 3 } as const;
export const PROGRESS_BYTES = 16;

export interface FuzzThreadData {
  readonly job: FuzzJob;
  readonly progress: Int32Array<SharedArrayBuffer>;
}
