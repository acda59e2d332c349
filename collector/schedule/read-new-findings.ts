import type { Finding } from '../findings/finding.ts';
import type { FindingRange } from '../findings/finding-rule.ts';
import { StoreError } from '../store/store-error.ts';
import { toFindingRange } from './hunt-range.ts';

const TOO_MUCH: ReadonlySet<string> = new Set(['too-many-rows', 'too-many-bytes']);

/** A slice of time that has been looked at; `skipped` says why nothing of it was read. Milliseconds since 1970. */
export interface Slice {
  readonly findings: readonly Finding[];
  readonly from: number;
  readonly skipped?: string;
}

/**
 * What `read` finds in what was received from `from` to `to` (milliseconds since 1970). Where they are more than a query may
 * answer, the time is halved, so that a flood of files cannot keep a rule from ever being answered. One batch is never too
 * much by what it holds; what several devices send in one and the same millisecond can be, and is skipped, for the rule to go on.
 */
export async function* readNewFindings(
  read: (range: FindingRange) => Promise<readonly Finding[]>,
  from: number,
  to: number,
): AsyncGenerator<Slice> {
  const slices = [{ from, to }];
  for (let slice = slices.pop(); slice; slice = slices.pop()) {
    const { from: start, to: end } = slice;
    try {
      yield { findings: await read(toFindingRange(start, end)), from: start };
    } catch (error) {
      if (!(error instanceof StoreError && TOO_MUCH.has(error.code))) throw error;
      if (start === end) {
        yield { findings: [], from: start, skipped: error.message };
        continue;
      }
      const middle = Math.floor((start + end) / 2);
      slices.push({ from: middle + 1, to: end }, { from: start, to: middle });
    }
  }
}
