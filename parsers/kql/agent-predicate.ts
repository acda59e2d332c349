import type { Plan, Scalar } from './plan.ts';
import { inputsOf, type Relation } from './relation.ts';

/** Log Analytics calls the time TimeGenerated. */
const TIME_COLUMNS: ReadonlySet<string> = new Set(['Timestamp', 'TimeGenerated']);

/**
 * What an agent can judge of a hunting query with one record at hand: the conditions of the `where` steps that stand
 * directly after DeviceFileCertificateInfo, without those about time (the record is from now). Undefined where nothing
 * is left, or the query begins elsewhere: such a rule never flags at the agent.
 *
 * A condition that mixes time with something else stays, and is judged with the record's own Timestamp.
 */
export function agentPredicate(plan: Plan): Scalar | undefined {
  const conditions = leadingConditions(plan.root).flatMap(conjuncts);
  return conditions
    .filter((condition) => !isAboutTime(condition))
    .reduce<Scalar | undefined>(
      (left, right) =>
        left ? { kind: 'and', left, right, type: 'bool', span: right.span } : right,
      undefined,
    );
}

/** Predicates of the `where` steps directly after the table, in the order of the text. */
function leadingConditions(root: Relation): Scalar[] {
  let conditions: Scalar[] = [];
  let step = root;
  while (step.kind !== 'table') {
    // From the last step back to the table: anything but `where` makes what came after it not leading.
    conditions = step.kind === 'where' ? [step.predicate, ...conditions] : [];
    const [input, ...others] = inputsOf(step);
    if (!input || others.length > 0) return []; // a join: one record alone cannot say
    step = input;
  }
  return step.table === 'DeviceFileCertificateInfo' ? conditions : [];
}

function conjuncts(scalar: Scalar): Scalar[] {
  return scalar.kind === 'and' ? [...conjuncts(scalar.left), ...conjuncts(scalar.right)] : [scalar];
}

function isAboutTime(condition: Scalar): boolean {
  const columns = columnsIn(condition);
  return columns.length > 0 && columns.every((name) => TIME_COLUMNS.has(name));
}

/** Names of the columns that an expression reads. */
function columnsIn(scalar: Scalar): string[] {
  switch (scalar.kind) {
    case 'literal':
      return [];
    case 'column':
      return [scalar.name];
    case 'and':
    case 'or':
    case 'compare':
    case 'arithmetic':
      return [scalar.left, scalar.right].flatMap(columnsIn);
    case 'not':
    case 'negate':
      return columnsIn(scalar.operand);
    case 'between':
      return [scalar.value, scalar.low, scalar.high].flatMap(columnsIn);
    case 'string-match':
      return [scalar.value, ...scalar.needles].flatMap(columnsIn);
    case 'in':
      return [scalar.value, ...scalar.list].flatMap(columnsIn);
    case 'call':
      return scalar.args.flatMap(columnsIn);
  }
}
