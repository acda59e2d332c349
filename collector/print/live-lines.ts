import type { Row } from '../hunt/ask.ts';
import { textOf } from '../hunt/ask.ts';

/** Processes and autostarts of one file that are printed; json and csv have all. */
const MOST_LINES = 10;

/** What live context tells of a file, a line a process and an autostart: nothing where the agent was not asked to look. */
export function liveLines({ RunningProcesses, AutostartEntries }: Row): [string, string][] {
  return [
    ...lines('runs as', RunningProcesses, ({ name, pid, parentName, user, startTime }) =>
      [
        `${name ?? 'unknown'} (${pid ?? '?'})`,
        `started by ${parentName ?? 'unknown'}`,
        user == null ? '' : `as ${user}`,
        textOf(startTime as string) === '' ? '' : `since ${startTime}`,
      ]
        .filter((part) => part !== '')
        .join(', '),
    ),
    ...lines('starts by', AutostartEntries, ({ kind, name, state }) =>
      [kind, name, state].filter((part) => part != null).join(' '),
    ),
  ];
}

function lines(
  label: string,
  list: Row[string] | undefined,
  words: (each: Readonly<Record<string, unknown>>) => string,
): [string, string][] {
  if (!Array.isArray(list)) return [];
  if (list.length === 0) return [[label, 'nothing that the agent saw']];
  const shown = list
    .slice(0, MOST_LINES)
    .map((each): [string, string] => [label, words(Object(each))]);
  const more = list.length - shown.length;
  return more > 0 ? [...shown, [label, `... and ${more} more`]] : shown;
}
