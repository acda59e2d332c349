import { formatDatetime } from '../../parsers/record/datetime.ts';
import { printable } from '../../parsers/record/printable.ts';
import type { Reporting } from './reporting.ts';

/** Devices that are named one by one; the rest are counted. */
const NAMED = 5;

/** Sentences about who reported of the window: what an empty answer begins its explanation with. */
export function reportingWords(
  reporting: Reporting,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  const { complete, incomplete, unswept, silent, lastContact } = reporting;
  const all = complete.length + incomplete.length + unswept.length + silent.length;
  if (all === 0)
    return [
      'No device has reported anything to this collector yet: certsweep scan --collector sends, import reads files.',
    ];
  return [
    `${devices(all)} ${all === 1 ? 'has' : 'have'} reported, the last at ${formatDatetime(lastContact)}.`,
    complete.length === all
      ? `${all === 1 ? 'It has' : 'All of them have'} a complete sweep in the window.`
      : `${complete.length} of ${devices(all)} ${complete.length === 1 ? 'has' : 'have'} a complete sweep in the window.`,
    ...gaps(reporting, names),
  ];
}

/** What stands beside an answer that has rows: the devices of which it cannot tell all. Empty where it can. */
export function gaps(
  { incomplete, unswept, silent }: Reporting,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  const lines: string[] = [];
  const line = (ids: readonly string[], what: string) => {
    if (ids.length > 0) lines.push(`${devices(ids.length)} ${what}: ${listed(ids, names)}.`);
  };
  line(silent, 'reported nothing of the window');
  line(incomplete, 'could not see everything in any sweep of the window');
  line(unswept, 'sent records of the window and no word on whether they are all');
  return lines;
}

function listed(ids: readonly string[], names: ReadonlyMap<string, string>): string {
  const some = ids.slice(0, NAMED).map((id) => printable(names.get(id) ?? id));
  const more = ids.length - some.length;
  return `${some.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function devices(count: number): string {
  return counted(count, 'device');
}

export function counted(count: number | bigint, thing: string): string {
  return `${count} ${thing}${Number(count) === 1 ? '' : 's'}`;
}
