import { appendFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import type { AuditEvent } from './audit-event.ts';

/** Bytes of one file before the next is begun. */
export const AUDIT_FILE_BYTES = 8 * 1024 * 1024;
/** Files of each kind that are kept, the one being written included; the oldest goes. */
export const AUDIT_FILES = 20;

/**
 * What needs no token is apart: who has none could otherwise write until the record of who read is pushed out.
 * `audit` holds what was done with a token or on this host, `refused` who was turned away.
 */
export const AUDIT_KINDS = ['audit', 'refused'] as const;

/** `audit.ndjson` is the youngest, then `audit.1.ndjson`. */
export function auditFile(dataFolder: string, kind: string, age: number): string {
  return path.join(dataFolder, age === 0 ? `${kind}.ndjson` : `${kind}.${age}.ndjson`);
}

/**
 * The audit log: NDJSON files in the data folder that only their owner can read, and that are only ever appended to. Each
 * event is opened, written and closed, so that `enroll` can write beside `serve`; `serve` alone begins new files.
 * Written before the answer goes out, not flushed: the last seconds before a power cut can be missing.
 */
export class AuditLog {
  readonly #dataFolder: string;
  readonly #rotates: boolean;

  constructor(dataFolder: string, options: { readonly rotates: boolean }) {
    this.#dataFolder = dataFolder;
    this.#rotates = options.rotates;
  }

  /** Throws what the file system says. */
  write(event: AuditEvent): void {
    const kind = event.event === 'refused' ? 'refused' : 'audit';
    const file = auditFile(this.#dataFolder, kind, 0);
    const line = `${JSON.stringify(event)}\n`;
    if (this.#rotates && sizeOf(file) + Buffer.byteLength(line) > AUDIT_FILE_BYTES) {
      for (let age = AUDIT_FILES - 1; age > 0; age -= 1)
        renameWhereThere(
          auditFile(this.#dataFolder, kind, age - 1),
          auditFile(this.#dataFolder, kind, age),
        );
    }
    appendFileSync(file, line, { mode: 0o600 });
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function renameWhereThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}
