import { printable } from '../record/printable.ts';
import type { CompiledRule } from './compiled-rule.ts';

/** `rules list`: one line a rule, sorted by tool. The digest is that of the query, as in the rule itself. */
export function ruleListTable(rules: readonly CompiledRule[]): string {
  const rows = listed(rules).map(({ id, tool, name, digest }) => [
    id,
    tool ?? '-',
    name,
    digest.slice(0, DIGITS),
  ]);
  const table = [['ID', 'TOOL', 'NAME', 'DIGEST'], ...rows];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table
    .map((row) =>
      printable(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).trimEnd(),
    )
    .join('\n');
}

/** Digits of a digest that people compare. */
const DIGITS = 12;

export function ruleListJson(rules: readonly CompiledRule[]): string {
  return JSON.stringify(listed(rules), null, 2);
}

function listed(rules: readonly CompiledRule[]) {
  return rules
    .map(({ id, name, digest, tactics, techniques, predicate, facts }) => ({
      id,
      tool: facts?.tool ?? null,
      name,
      tactics,
      techniques,
      digest,
      flagsAtAgent: predicate !== undefined,
    }))
    .sort((one, other) => compareText(one.tool ?? one.name, other.tool ?? other.name));
}

function compareText(one: string, other: string): number {
  const [left, right] = [one.toLowerCase(), other.toLowerCase()];
  return left < right ? -1 : left > right ? 1 : 0;
}
