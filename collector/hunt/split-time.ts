import type { Plan, Relation, Scalar } from '../../parsers/kql/plan.ts';
import { columnsOf, conjuncts } from '../query/scalar-columns.ts';

/** The conditions of the `where` steps directly after a plan's table, those about time apart from the others. */
export interface LeadingConditions {
  readonly table: Extract<Relation, { kind: 'table' }>;
  readonly time: readonly Scalar[];
  readonly other: readonly Scalar[];
}

const TIME_COLUMNS: ReadonlySet<string> = new Set(['Timestamp', 'TimeGenerated']);

/** What an empty answer is explained with: is it the window that is empty, or is there nothing at all? */
export function splitTime({ root }: Plan): LeadingConditions {
  let conditions: Scalar[] = [];
  let step = root;
  while (step.kind !== 'table') {
    conditions = step.kind === 'where' ? [...conjuncts(step.predicate), ...conditions] : [];
    step = step.input;
  }
  return {
    table: step,
    time: conditions.filter(isAboutTime),
    other: conditions.filter((condition) => !isAboutTime(condition)),
  };
}

/** `table | where conditions | summarize Rows=count(), Devices=dcount(DeviceId), First=min(Timestamp), Last=max(Timestamp)` */
export function sightingsPlan(
  table: LeadingConditions['table'],
  conditions: readonly Scalar[],
): Plan {
  const { span } = table;
  const input = conditions.reduce<Relation>(
    (from, predicate) => ({ kind: 'where', input: from, predicate, columns: table.columns, span }),
    table,
  );
  const deviceId: Scalar = { kind: 'column', name: 'DeviceId', type: 'string', span };
  const timestamp: Scalar = { kind: 'column', name: 'Timestamp', type: 'datetime', span };
  const root: Relation = {
    kind: 'summarize',
    input,
    by: [],
    aggregates: [
      { name: 'Rows', aggregate: 'count', type: 'long', span },
      { name: 'Devices', aggregate: 'dcount', arg: deviceId, type: 'long', span },
      { name: 'First', aggregate: 'min', arg: timestamp, type: 'datetime', span },
      { name: 'Last', aggregate: 'max', arg: timestamp, type: 'datetime', span },
    ],
    columns: [
      { name: 'Rows', type: 'long' },
      { name: 'Devices', type: 'long' },
      { name: 'First', type: 'datetime' },
      { name: 'Last', type: 'datetime' },
    ],
    span,
  };
  return { version: 1, root };
}

function isAboutTime(condition: Scalar): boolean {
  const columns = [...columnsOf(condition)];
  return columns.length > 0 && columns.every((name) => TIME_COLUMNS.has(name));
}
