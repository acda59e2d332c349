import type { Finding } from '../findings/finding.ts';
import type { FindingRange } from '../findings/finding-rule.ts';
import { StoreError } from '../store/store-error.ts';
import { toFindingRange } from './hunt-range.ts';

/** A batch has 20,000 rows at most: fewer than a query may answer. */
const LEAST_SLICE_MS = 1_000;

const TOO_MUCH: ReadonlySet<string> = new Set(['too-many-rows', 'too-many-bytes']);

/**
 * What `read` finds in what was received from `from` to `to` (milliseconds since 1970). Where they are more than a query may
 * answer, the time is halved, so that a flood of files cannot keep a rule from ever being answered.
 */
export async function* readNewFindings(
  read: (range: FindingRange) => Promise<readonly Finding[]>,
  from: number,
  to: number,
): AsyncGenerator<readonly Finding[]> {
  const slices = [{ from, to }];
  for (let slice = slices.pop(); slice; slice = slices.pop()) {
    const { from: start, to: end } = slice;
    try {
      yield await read(toFindingRange(start, end));
    } catch (error) {
      const isTooMuch = error instanceof StoreError && TOO_MUCH.has(error.code);
      if (!isTooMuch || end - start <= LEAST_SLICE_MS) throw error;
      const middle = Math.floor((start + end) / 2);
      slices.push({ from: middle + 1, to: end }, { from: start, to: middle });
    }
  }
}
