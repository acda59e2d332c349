import type { Plan } from '../../parsers/kql/plan.ts';
import type { TimeWindow } from '../hunt/time-ranges.ts';

/** What is looked for: the rule with its plan, whose conditions beside time say which files it means. */
export interface FindingRule {
  readonly id: string;
  readonly name: string;
  /** As the rule's facts call it; the name where it has none. */
  readonly tool: string;
  readonly plan: Plan;
}

/** When: by the agents' clocks, or by when the collector got the records. Both ends are included. */
export interface FindingRange extends TimeWindow {
  readonly by: 'Timestamp' | 'ReceivedTime';
}
