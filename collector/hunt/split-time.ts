import type { Plan, Scalar } from '../../parsers/kql/plan.ts';
import { inputsOf, type Relation } from '../../parsers/kql/relation.ts';
import { columnsOf, conjuncts } from '../query/scalar-columns.ts';

/** The conditions of the `where` steps directly after a plan's table, those about time apart from the others. */
export interface LeadingConditions {
  readonly table: Extract<Relation, { kind: 'table' }>;
  readonly time: readonly Scalar[];
  readonly other: readonly Scalar[];
}

const TIME_COLUMNS: ReadonlySet<string> = new Set(['Timestamp', 'TimeGenerated']);

/**
 * What an empty answer is explained with: is it the window that is empty, or is there nothing at all? Undefined of a
 * query that begins with no table (`print`, `datatable`).
 */
export function splitTime({ root }: Plan): LeadingConditions | undefined {
  let conditions: Scalar[] = [];
  let step = root;
  while (step.kind !== 'table') {
    conditions = step.kind === 'where' ? [...conjuncts(step.predicate), ...conditions] : [];
    const [input] = inputsOf(step); // of a join or a union the table that its text begins with
    if (!input) return undefined;
    step = input;
  }
  return {
    table: step,
    time: conditions.filter(isAboutTime),
    other: conditions.filter((condition) => !isAboutTime(condition)),
  };
}

function isAboutTime(condition: Scalar): boolean {
  const columns = [...columnsOf(condition)];
  return columns.length > 0 && columns.every((name) => TIME_COLUMNS.has(name));
}
