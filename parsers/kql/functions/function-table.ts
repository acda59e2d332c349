import type { CellValue } from '../plan.ts';
import { conditionalFunctions } from './conditional-functions.ts';
import { convertFunctions } from './convert-functions.ts';
import { datetimeFunctions } from './datetime-functions.ts';
import { dynamicFunctions } from './dynamic-functions.ts';
import { encodingFunctions } from './encoding-functions.ts';
import { networkFunctions } from './network-functions.ts';
import { numberFunctions } from './number-functions.ts';
import { regexFunctions } from './regex-functions.ts';
import type { CallContext, ScalarFunctionDefinition } from './scalar-function.ts';
import { stringFunctions } from './string-functions.ts';
import { checkDynamic, checkLength } from './value-limits.ts';

/**
 * Every scalar function that a plan may call, but now() and ago(), which need the query's clock. It is closed: what is not
 * here is refused by name. The evaluator and SQL both call these, so their tests hold them against documented examples.
 */
export const scalarFunctions = {
  ...conditionalFunctions,
  ...convertFunctions,
  ...datetimeFunctions,
  ...dynamicFunctions,
  ...encodingFunctions,
  ...networkFunctions,
  ...numberFunctions,
  ...regexFunctions,
  ...stringFunctions,
} satisfies Record<string, ScalarFunctionDefinition>;

export type PureFunction = keyof typeof scalarFunctions;

export function isPureFunction(name: string): name is PureFunction {
  return Object.hasOwn(scalarFunctions, name);
}

/**
 * A function over the values of its arguments: null where an argument is, unless it takes nulls, and never too large. Wholes
 * wrap at 64 bits as arithmetic does.
 */
export function boundFunction(
  context: CallContext & { readonly name: PureFunction },
): (args: readonly CellValue[]) => CellValue {
  const { run, takesNull }: ScalarFunctionDefinition = scalarFunctions[context.name];
  const whenNull = context.resultType === 'string' ? '' : null;
  return (args) => {
    if (!takesNull && args.includes(null)) return whenNull;
    const value = run(args, context);
    if (typeof value === 'bigint') return BigInt.asIntN(64, value);
    if (typeof value === 'string') checkLength(value.length, context.name);
    else if (typeof value === 'object' && value !== null) checkDynamic(value, context.name);
    return value ?? whenNull;
  };
}
