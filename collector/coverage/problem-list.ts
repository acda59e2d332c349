import { closeSync, openSync, writeSync } from 'node:fs';
import type { ExportProblem } from '../../parsers/exports/export-row.ts';
import { UsageError } from '../usage-error.ts';

/** NDJSON of bad rows: export, place, column, code, message. Without a file they are only counted. */
export class ProblemList {
  readonly #descriptor: number | undefined;

  constructor(file: string | undefined) {
    try {
      this.#descriptor = file === undefined ? undefined : openSync(file, 'w', 0o600);
    } catch (error) {
      throw new UsageError(
        `cannot write ${file}: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  add(name: string, { place, column, code, message }: ExportProblem): void {
    if (this.#descriptor === undefined) return;
    const line = JSON.stringify({ export: name, place, column, code, message });
    writeSync(this.#descriptor, `${line}\n`);
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
  }
}
