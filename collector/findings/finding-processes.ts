import type { FindingProcess } from './finding.ts';

/** Different processes of one finding that are kept; the rest stand as one of which nothing is known. */
const MOST_PROCESSES = 200;

/** Fits no condition: that a list is cut off must not hide who is on it. */
const UNKNOWN: FindingProcess = { name: null, parentName: null };

/**
 * The processes in a record's RunningProcesses, the JSON text of an array of {name, parentName, ...}: null where there was no
 * live context.
 */
export function readProcesses(json: string): readonly FindingProcess[] | null {
  const list = parseJson(json);
  if (list === null) return null;
  if (!Array.isArray(list)) return [UNKNOWN];
  return distinct(
    list.map((each: { name?: unknown; parentName?: unknown } | null) => ({
      name: textOrNull(each?.name),
      parentName: textOrNull(each?.parentName),
    })),
  );
}

/** Those of both; of a record without live context nothing is known, and the other's count. */
export function mergeProcesses(
  one: readonly FindingProcess[] | null,
  other: readonly FindingProcess[] | null,
): readonly FindingProcess[] | null {
  if (one === null || other === null) return one ?? other;
  return distinct([...one, ...other]);
}

function distinct(processes: readonly FindingProcess[]): readonly FindingProcess[] {
  const byNames = new Map(
    processes.map((each) => [JSON.stringify([each.name, each.parentName]), each]),
  );
  const all = [...byNames.values()];
  return all.length > MOST_PROCESSES ? [...all.slice(0, MOST_PROCESSES), UNKNOWN] : all;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function parseJson(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // cut off: longer than is read
    throw error;
  }
}
