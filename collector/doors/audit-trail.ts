import { type AuditEvent, auditLine } from './audit-event.ts';
import { AuditLog } from './audit-log.ts';

const MINUTE_MS = 60_000;

/**
 * Where a serving collector's events go: into the audit log, and all but the reads also into its log. A disk that is full
 * must not stop a hunt: an event that cannot be written is told in the log, whole, and the request is served.
 */
export function auditTrail(
  dataFolder: string,
  tell: (line: string) => void,
  clock: () => number,
): (event: AuditEvent) => void {
  const log = new AuditLog(dataFolder, { rotates: true });
  let toldTime = Number.NEGATIVE_INFINITY;
  return (event) => {
    if (event.event !== 'read') tell(auditLine(event));
    try {
      log.write(event);
    } catch (error) {
      if (event.event === 'read') tell(auditLine(event));
      if (clock() - toldTime < MINUTE_MS) return;
      toldTime = clock();
      const reason = error instanceof Error ? error.message : String(error);
      tell(`the audit log cannot be written, so that events are in this log only: ${reason}`);
    }
  };
}
