import type { CompileScope } from './compile-scope.ts';
import type { NodeClasses } from './kusto-syntax.ts';
import { unsupportedOperator } from './refusals.ts';

/**
 * The parameters of an operator (`kind=inner`) by name, as written. Any that is not in `allowed` may change the answer
 * and is refused; of joins and unions hints (`hint.strategy=...`) change only how Kusto works, so they may be allowed by
 * the name `hint`.
 */
export function readParameters(
  { Parameters }: Pick<NodeClasses['FilterOperator'], 'Parameters'>,
  allowed: readonly string[],
  scope: CompileScope,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const parameter of scope.childrenOf(Parameters)) {
    const isNamed = scope.kusto.is(parameter, 'NamedParameter');
    const name = isNamed ? parameter.Name.SimpleName : '';
    if (!isNamed || !allowed.includes(name.startsWith('hint.') ? 'hint' : name))
      throw unsupportedOperator(parameter, `parameter ${scope.textOf(parameter)}`, scope);
    const { TextStart, Width } = parameter.Expression;
    found.set(name, scope.query.slice(TextStart, TextStart + Width));
  }
  return found;
}
