import { printable } from '../../record/printable.ts';
import type { RuleCheck } from './check-rules.ts';

/**
 * One line for a person: status, file and place, what is wrong, what was repaired. Places after the first are in the same
 * file. Of a filter the approval follows that says what it meant. Safe for a terminal.
 */
export function checkLine({ file, status, findings, repairs, approval }: RuleCheck): string {
  const parts = findings.map(
    ({ place, level, code, message }) =>
      `${place.line}:${place.column}: ${level} ${code}: ${message}`,
  );
  if (repairs.length > 0) parts.push(`repaired: ${repairs.join(', ')}`);
  const separator = findings.length > 0 ? ':' : ': ';
  const text = parts.length > 0 ? `${separator}${parts.join('; ')}` : '';
  const line = printable(`${status.padEnd(8)} ${file}${text}`);
  if (approval === undefined) return line;
  return [line, MEANT, ...approval.split('\n').map(printable)].join('\n');
}

const MEANT = '# What the filter meant, as an approval:';

/** The last line: how many files were checked, and how many errors are in them. Warnings do not count. */
export function closingLine(checks: readonly RuleCheck[]): string {
  return `${checks.length} rules, ${countErrors(checks)} errors`;
}

export function countErrors(checks: readonly RuleCheck[]): number {
  return checks.flatMap(({ findings }) => findings).filter(({ level }) => level === 'error').length;
}

/** The same for programs. */
export function checksAsJson(checks: readonly RuleCheck[]): string {
  const files = checks.map(({ file, status, parsed, repairs, findings, approval }) => ({
    file,
    status,
    id: parsed?.rule.id ?? null,
    name: parsed?.rule.name ?? null,
    ...(approval !== undefined && { approval }),
    repairs,
    findings: findings.map(({ level, code, place, message }) => ({
      level,
      code,
      ...place,
      message,
    })),
  }));
  return JSON.stringify({ rules: checks.length, errors: countErrors(checks), files }, null, 2);
}
