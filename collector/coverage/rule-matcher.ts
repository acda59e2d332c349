import { compilePredicate, type RowReader } from '../../parsers/kql/evaluate-scalar.ts';
import type { Scalar } from '../../parsers/kql/plan.ts';
import type { Relation } from '../../parsers/kql/relation.ts';
import { canonicalColumns } from '../../parsers/record/columns.ts';
import { BoundedMemo } from '../../parsers/rules/bounded-memo.ts';
import type { FindingRule } from '../findings/finding-rule.ts';
import { splitTime } from '../hunt/split-time.ts';
import { columnsOf } from '../query/scalar-columns.ts';

/** A rule, and why it cannot be asked of an export, where it cannot. */
export interface ComparedRule {
  readonly id: string;
  readonly name: string;
  readonly tool: string;
  /** A sentence; undefined of a rule that is compared. */
  readonly notCompared?: string;
}

/** Gives the places of the rules that hold for a row, in `rules`. */
export type RuleMatcher = (signer: string, row: RowReader) => readonly number[];

interface Test {
  readonly index: number;
  readonly matches: (row: RowReader) => boolean;
}

/** Steps after the `where` steps that leave every device in the answer. */
const KEEPS_DEVICES: ReadonlySet<Relation['kind']> = new Set([
  'summarize',
  'project',
  'extend',
  'distinct',
  'sort',
  'where',
]);

/**
 * Prepares rules for the rows of both sides, which are then asked by the same code: the conditions directly after the table but
 * those about time, for which the windows stand. Most ask for the signer alone, whose answer is remembered.
 */
export function ruleMatcher(
  rules: readonly FindingRule[],
  now: bigint,
): {
  readonly compared: readonly ComparedRule[];
  readonly match: RuleMatcher;
  /** Every column that a rule asks for. */
  readonly columns: ReadonlySet<string>;
} {
  const allColumns = new Set<string>();
  const ofSigner: Test[] = [];
  const ofRow: Test[] = [];
  const compared = rules.map((rule, index): ComparedRule => {
    const { id, name, tool } = rule;
    const asked = conditionsOf(rule);
    if (typeof asked === 'string') return { id, name, tool, notCompared: asked };
    const tests = asked.map((condition) => compilePredicate(condition, now));
    const test = { index, matches: (row: RowReader) => tests.every((holds) => holds(row)) };
    const columns = new Set(asked.flatMap((condition) => [...columnsOf(condition)]));
    for (const name of columns) allColumns.add(name);
    (columns.size === 1 && columns.has('Signer') ? ofSigner : ofRow).push(test);
    return { id, name, tool };
  });
  const memo = new BoundedMemo((signer) => matching(ofSigner, () => signer));
  return {
    compared,
    columns: allColumns,
    match: (signer, row) => {
      const bySigner = memo.get(signer);
      return ofRow.length === 0 ? bySigner : [...bySigner, ...matching(ofRow, row)];
    },
  };
}

function matching(tests: readonly Test[], row: RowReader): readonly number[] {
  return tests.filter(({ matches }) => matches(row)).map(({ index }) => index);
}

/** The conditions, or a sentence that says why one row cannot answer. */
function conditionsOf({ plan }: FindingRule): readonly Scalar[] | string {
  const narrowing = narrowingStep(plan.root);
  if (narrowing !== undefined)
    return `its query goes on with ${narrowing}, which one row cannot answer`;
  const leading = splitTime(plan);
  if (leading?.table.table !== 'DeviceFileCertificateInfo')
    return 'its query does not ask DeviceFileCertificateInfo';
  if (leading.other.length === 0) return 'its query has no condition but time';
  const names = leading.other.flatMap((condition) => [...columnsOf(condition)]);
  const foreign = names.find((name) => !Object.hasOwn(canonicalColumns, name) && !isTime(name));
  return foreign === undefined ? leading.other : `it asks for ${foreign}, which no export has`;
}

function isTime(name: string): boolean {
  return name === 'TimeGenerated';
}

/** The first step, from the end of the text, by which the query answers less than its conditions mean. */
function narrowingStep(root: Relation): string | undefined {
  const steps: Relation['kind'][] = [];
  let step = root;
  while (step.kind !== 'table') {
    steps.unshift(step.kind);
    if (!KEEPS_DEVICES.has(step.kind)) return step.kind;
    if (!('input' in step)) return step.kind;
    step = step.input;
  }
  const firstOther = steps.findIndex((kind) => kind !== 'where');
  return firstOther >= 0 && steps.slice(firstOther).includes('where')
    ? 'where after another step'
    : undefined;
}
