import { readFile, stat } from 'node:fs/promises';
import type { AuditEvent } from './audit-event.ts';
import { AUDIT_FILES, AUDIT_KINDS, auditFile } from './audit-log.ts';

export interface AuditExcerpt {
  /** Oldest first. */
  readonly events: readonly AuditEvent[];
  /** Older ones since then were left out. */
  readonly more: boolean;
  /** Lines that are no event: the host went down while one was written. */
  readonly unreadable: number;
}

/** The youngest events since `since` (milliseconds since 1970), at most `limit` of them. */
export async function readAudit(
  dataFolder: string,
  { since, limit }: { readonly since: number; readonly limit: number },
): Promise<AuditExcerpt> {
  const found: AuditEvent[] = [];
  let unreadable = 0;
  for (const kind of AUDIT_KINDS) {
    let ofKind: AuditEvent[] = [];
    for (let age = 0; age < AUDIT_FILES && ofKind.length <= limit; age += 1) {
      const text = await textOf(auditFile(dataFolder, kind, age), since);
      if (text === undefined) break;
      const read = lastEvents(text, since, limit + 1);
      ofKind = read.events.concat(ofKind);
      unreadable += read.unreadable;
    }
    for (const event of ofKind) found.push(event);
  }
  found.sort((a, b) => (a.time < b.time ? -1 : Number(a.time > b.time)));
  return { events: found.slice(-limit), more: found.length > limit, unreadable };
}

/** Undefined where there is no such file, or none that was written to since. */
async function textOf(file: string, since: number): Promise<string | undefined> {
  try {
    if ((await stat(file)).mtimeMs < since) return undefined;
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The youngest events of one file, oldest first. */
function lastEvents(
  text: string,
  since: number,
  most: number,
): { readonly events: AuditEvent[]; readonly unreadable: number } {
  const events: AuditEvent[] = [];
  let unreadable = 0;
  const lines = text.split('\n');
  for (let index = lines.length - 1; index >= 0 && events.length < most; index -= 1) {
    if (lines[index] === '') continue;
    const event = parseEvent(lines[index] ?? '');
    if (!event) unreadable += 1;
    else if (Date.parse(event.time) < since) break;
    else events.push(event);
  }
  return { events: events.reverse(), unreadable };
}

function parseEvent(line: string): AuditEvent | undefined {
  try {
    return JSON.parse(line) as AuditEvent;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
