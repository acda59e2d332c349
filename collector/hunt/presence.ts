import { formatDatetime } from '../../parsers/record/datetime.ts';
import { type Asked, ask, type Row, ticksOf } from './ask.ts';
import { equals, jsonContains, newest, project, table, where } from './plan-parts.ts';

/** Whether a file is still there, as far as the sweeps of its device tell. */
export interface Presence {
  readonly state: 'there' | 'gone' | 'not-reported' | 'unknown';
  readonly words: string;
}

/** Sweeps whose lists of gone files are looked through, the last ones: such a list may take 512 KB. */
const MOST_LISTS = 50;

/** Reads the sweep rows of a device; the function judges one file by them. */
export async function readPresence(
  asked: Asked,
  deviceId: string,
): Promise<(path: string, sha1: string, lastSeen: bigint) => Presence> {
  const all = table('AgentSweepInfo');
  const sweeps = where(all, equals(all, 'DeviceId', deviceId));
  const [last] = await ask(
    asked,
    newest(project(sweeps, ['Timestamp', 'StartTime', 'Complete']), 1),
  );
  const withGone = where(sweeps, jsonContains(sweeps, 'GoneFiles', '"path"'));
  const lists = await ask(asked, newest(project(withGone, ['Timestamp', 'GoneFiles']), MOST_LISTS));
  return (path, sha1, lastSeen) => {
    const gone = lists.find(
      ({ Timestamp, GoneFiles }) => ticksOf(Timestamp) > lastSeen && names(GoneFiles, path, sha1),
    );
    return gone ? goneSince(gone) : presenceBy(last, lastSeen);
  };
}

function goneSince({ Timestamp }: Row): Presence {
  const when = formatDatetime(ticksOf(Timestamp));
  return { state: 'gone', words: `gone: the sweep of ${when} did not find it any more` };
}

/** Flagged files are reported by every sweep, so that one which a later sweep leaves out is not there, or was not looked at. */
function presenceBy(last: Row | undefined, lastSeen: bigint): Presence {
  if (!last) return { state: 'unknown', words: 'unknown: no sweep row of this device is stored' };
  const when = formatDatetime(ticksOf(last.Timestamp));
  if (lastSeen >= ticksOf(last.StartTime))
    return { state: 'there', words: `there when the device was last swept, until ${when}` };
  const how = last.Complete === true ? 'complete' : 'not complete';
  return {
    state: 'not-reported',
    words: `not reported by the last sweep, of ${when}, which was ${how}: moved, changed, or not looked at`,
  };
}

/** Whether a list of gone files, [{path, sha1, ...}], names this one. */
function names(list: unknown, path: string, sha1: string): boolean {
  if (!Array.isArray(list)) return false;
  return list.some(
    (each: { path?: unknown; sha1?: unknown } | null) =>
      each?.path === path && (each.sha1 === sha1 || each.sha1 === null),
  );
}
