import type { MatchGrade } from '../../parsers/rules/match-grade.ts';

const GRADES: ReadonlySet<string> = new Set<MatchGrade>([
  'signer-mismatch',
  'version-info-only',
  'name-only',
]);

/**
 * What a record's LookAlikes say of each rule: the JSON text of an array of {rule, grade}. A grade that no look-alike has
 * counts for nothing, and of two entries for one rule the first counts: agents write this column.
 */
export function lookAlikeGrades(json: string): ReadonlyMap<string, MatchGrade> {
  const list = parseJson(json);
  const grades = new Map<string, MatchGrade>();
  if (!Array.isArray(list)) return grades;
  for (const each of list as readonly ({ rule?: unknown; grade?: unknown } | null)[])
    if (typeof each?.rule === 'string' && isGrade(each.grade) && !grades.has(each.rule))
      grades.set(each.rule, each.grade);
  return grades;
}

function isGrade(value: unknown): value is MatchGrade {
  return GRADES.has(value as string);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // cut off: longer than is read
    throw error;
  }
}
