import type { Scalar, Span } from '../../parsers/kql/plan.ts';
import type { NamedScalar, Relation } from '../../parsers/kql/relation.ts';
import { columnsOf } from './scalar-columns.ts';

/** JSON characters of conditions that one plan's unions may repeat: SQLite binds 32,766 values in a statement. */
const MAX_COPIED = 200_000;

/**
 * The plan with each `where` as near to its tables as it can stand without another meaning: through unions, columns that
 * are only renamed or chosen, calculations that it does not read, and orders. Directly after a table a condition is asked
 * of dictionaries and indexes, and not of every row.
 */
export function pushFilters(root: Relation): Relation {
  return push(root, { left: MAX_COPIED });
}

interface Budget {
  /** Characters that may still be copied. */
  left: number;
}

function push(relation: Relation, budget: Budget): Relation {
  switch (relation.kind) {
    case 'table':
    case 'datatable':
      return relation;
    case 'union':
      return { ...relation, inputs: relation.inputs.map((input) => push(input, budget)) };
    case 'join': {
      const input = push(relation.input, budget);
      return { ...relation, input, right: push(relation.right, budget) };
    }
    case 'where':
      return filter(push(relation.input, budget), relation.predicate, relation.span, budget);
    default:
      return { ...relation, input: push(relation.input, budget) };
  }
}

/** `over | where predicate`. One that is over another `where` stays there: that one went as far as it could. */
function filter(over: Relation, predicate: Scalar, span: Span, budget: Budget): Relation {
  switch (over.kind) {
    case 'union': {
      const copied = JSON.stringify(predicate).length * over.inputs.length;
      if (copied > budget.left) break;
      budget.left -= copied;
      const inputs = over.inputs.map((input) => filter(input, predicate, span, budget));
      return { ...over, inputs };
    }
    case 'project': {
      const own = predicateOfInput(predicate, over.values);
      if (own) return { ...over, input: filter(over.input, own, span, budget) };
      break;
    }
    case 'extend': {
      const read = columnsOf(predicate);
      if (over.values.some(({ name }) => read.has(name))) break;
      return { ...over, input: filter(over.input, predicate, span, budget) };
    }
    case 'sort':
      return { ...over, input: filter(over.input, predicate, span, budget) };
  }
  return { kind: 'where', input: over, predicate, columns: over.columns, span };
}

/** What a predicate says of the rows before `project`; undefined where it reads a column that is calculated there. */
function predicateOfInput(predicate: Scalar, values: readonly NamedScalar[]): Scalar | undefined {
  const sources = new Map(values.map(({ name, value }) => [name, value]));
  const plain = [...columnsOf(predicate)].every((name) => {
    const kind = sources.get(name)?.kind;
    return kind === 'column' || kind === 'literal';
  });
  return plain ? (renamed(predicate, sources) as Scalar) : undefined;
}

/** Walks a scalar as the plain JSON that it is, so that a new kind needs nothing here. */
function renamed(node: unknown, sources: ReadonlyMap<string, Scalar>): unknown {
  if (Array.isArray(node)) return node.map((item) => renamed(item, sources));
  if (typeof node !== 'object' || node === null) return node;
  const scalar = node as Scalar;
  if (scalar.kind === 'literal') return scalar; // a dynamic value may look like anything
  if (scalar.kind === 'column') return sources.get(scalar.name) ?? scalar;
  return Object.fromEntries(
    Object.entries(node).map(([name, part]) => [name, renamed(part, sources)]),
  );
}
