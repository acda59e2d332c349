import type { MatchGrade } from '../../parsers/rules/match-grade.ts';

const GRADES: ReadonlySet<string> = new Set<MatchGrade>([
  'signer-mismatch',
  'version-info-only',
  'name-only',
]);

/**
 * What a record's LookAlikes say of one rule: the JSON text of an array of {rule, grade}. Undefined where it is not named, or
 * by a grade that no look-alike has: agents write this column.
 */
export function lookAlikeGrade(json: string, ruleId: string): MatchGrade | undefined {
  const list = parseJson(json);
  if (!Array.isArray(list)) return undefined;
  const entry = list.find((each: { rule?: unknown } | null) => each?.rule === ruleId);
  return GRADES.has(entry?.grade) ? entry.grade : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // cut off: longer than is read
    throw error;
  }
}
