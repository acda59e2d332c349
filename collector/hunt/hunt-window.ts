import type { Plan } from '../../parsers/kql/plan.ts';
import { formatDatetime } from '../../parsers/record/datetime.ts';
import { UsageError } from '../usage-error.ts';
import { ALL_TIME, replaceTimeRanges, type TimeWindow, timeRanges } from './time-ranges.ts';
import { windowWords } from './window-options.ts';

/** A rule's plan, and the time that it looks at. */
export interface WindowedPlan {
  readonly plan: Plan;
  readonly window: TimeWindow;
  /** Whether options can move the window: the rule has one time range. */
  readonly movable: boolean;
  /** A line that says which window was used and how it came about. */
  readonly words: string;
}

/** The rule's own window, or `asked` in its place: the query's text stays as it is. */
export function applyWindow(plan: Plan, now: bigint, asked: TimeWindow | undefined): WindowedPlan {
  const ranges = timeRanges(plan, now);
  const [own, ...more] = ranges;
  if (asked) {
    if (!own) throw new UsageError(NO_RANGE);
    if (more.length > 0) throw new UsageError(severalRanges(ranges));
    const words = `Window: ${windowWords(asked)}, both ends included, as asked instead of the rule's own.`;
    return { plan: replaceTimeRanges(plan, now, asked), window: asked, movable: true, words };
  }
  if (!own) {
    const words = 'Window: none, the rule looks at every record.';
    return { plan, window: ALL_TIME, movable: false, words };
  }
  if (more.length > 0) {
    const words = `Windows: the rule's own ${ranges.map(windowWords).join('; ')}.`;
    return { plan, window: own, movable: false, words };
  }
  const words = `Window: ${windowWords(own)}, both ends included, the rule's own with now() as ${formatDatetime(now)}.`;
  return { plan, window: own, movable: true, words };
}

const NO_RANGE =
  'this rule asks for no time range, as `| where Timestamp between (a .. b)`, which --window, --from and --to could replace. ' +
  '--now moves what it computes from now()';

function severalRanges(ranges: readonly TimeWindow[]): string {
  const list = ranges.map((range) => `  ${windowWords(range)}`).join('\n');
  return `this rule asks for ${ranges.length} different time ranges, and one window cannot replace them; --now moves all of them:\n${list}`;
}
