import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { compileEvaluator } from '../../../parsers/kql/evaluate-scalar.ts';
import type { CellValue, Scalar } from '../../../parsers/kql/plan.ts';
import { kustoForTests } from '../../kusto-sources.ts';

/** The scalar that a KQL expression over the columns of AgentFileCertificateInfo compiles to. */
export function scalarOf(expression: string): Scalar {
  const { root } = compileKql(
    kustoForTests(),
    `AgentFileCertificateInfo\n| project Value = ${expression}`,
  );
  const value = root.kind === 'project' ? root.values[0]?.value : undefined;
  if (!value) throw new Error(`no scalar in ${expression}`);
  return value;
}

/** What an expression is worth for a row; columns that the row lacks are null. */
export function valueOfExpression(
  expression: string,
  row: Readonly<Record<string, CellValue>> = {},
  now = 0n,
): CellValue {
  return compileEvaluator(scalarOf(expression), now)((column) => row[column] ?? null);
}
