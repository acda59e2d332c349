import type { CompileScope } from './compile-scope.ts';
import type { NodeClasses } from './kusto-syntax.ts';
import { readParameters } from './operator-parameters.ts';
import type { LiteralValue, ResultColumn, Scalar } from './plan.ts';
import { MAX_UNION_INPUTS } from './query-limits.ts';
import { unsupportedOperator } from './refusals.ts';
import type { NamedScalar, Relation } from './relation.ts';

/**
 * `union`: each input is projected to the columns of the result, which Microsoft's analysis names. A column that several
 * inputs have with different types becomes one for each type, `Name_type`; what an input lacks is null.
 * Source: Kusto documentation, "The union operator".
 */
export function compileUnion(
  node: NodeClasses['UnionOperator'],
  inputs: readonly Relation[],
  scope: CompileScope,
): Relation {
  const parameters = readParameters(node, ['kind', 'withsource', 'hint'], scope);
  const columns = scope.columnsOf(node);
  const span = scope.spanOf(node);
  if (inputs.length > MAX_UNION_INPUTS) {
    const message = `the union has ${inputs.length} inputs, the limit is ${MAX_UNION_INPUTS}`;
    throw scope.error('too-large', node, message);
  }
  // Microsoft's analysis goes on with all columns, where Kusto keeps those that all inputs have.
  if (parameters.get('kind') === 'inner' && !haveSameColumns(inputs))
    throw unsupportedOperator(node, 'union kind=inner of tables with different columns', scope);

  const source = parameters.get('withsource');
  const legs = inputs.map((input) => {
    if (source !== undefined && input.kind !== 'table')
      throw unsupportedOperator(node, 'union withsource of anything but tables', scope);
    const values = columns.map(
      (column): NamedScalar => ({
        name: column.name,
        value: source === column.name ? sourceOf(input) : cellOf(input, column),
      }),
    );
    if (sameColumns(input.columns, columns)) return input;
    return { kind: 'project', input, values, columns, span } as const;
  });
  return { kind: 'union', inputs: legs, columns, span };
}

function sourceOf({ kind, span, ...input }: Relation): Scalar {
  const value = kind === 'table' && 'table' in input ? input.table : '';
  return { kind: 'literal', literal: { type: 'string', value }, type: 'string', span };
}

function cellOf({ columns, span }: Relation, { name, type }: ResultColumn): Scalar {
  const own = columns.find((each) => each.type === type && isNamed(each, name, columns));
  if (own) return { kind: 'column', name: own.name, type, span };
  const literal = { type, value: type === 'string' ? '' : null } as LiteralValue;
  return { kind: 'literal', literal, type, span };
}

/** True for the column itself, and for the one of which the union made `Name_type`. */
function isNamed({ name, type }: ResultColumn, wanted: string, all: readonly ResultColumn[]) {
  if (name === wanted) return true;
  return `${name}_${type}` === wanted && !all.some((each) => each.name === wanted);
}

function haveSameColumns([first, ...others]: readonly Relation[]): boolean {
  return others.every(({ columns }) => first && sameColumns(first.columns, columns));
}

function sameColumns(one: readonly ResultColumn[], other: readonly ResultColumn[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ name, type }, index) => name === other[index]?.name && type === other[index]?.type)
  );
}
