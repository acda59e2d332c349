import { pino } from 'pino';
import { printable } from '../../parsers/record/printable.ts';
import type { LogLevel } from './config-kinds.ts';

/** Names of what happens. Stable: alerts look for them. */
export type ServiceEvent =
  | 'started'
  | 'warning'
  | 'reloaded'
  | 'reload-refused'
  | 'enrolled'
  | 'next-sweep'
  | 'sweep-started'
  | 'not-read'
  | 'sweep-ended'
  | 'sweep-failed'
  | 'state'
  | 'shipping'
  | 'drained'
  | 'not-drained'
  | 'stopped';

export type LogFields = Readonly<Record<string, unknown>>;

/** One JSON object a line on standard error: `time`, `level`, `event`, the fields, `msg` for a person. */
export class ServiceLog {
  readonly #pino: pino.Logger;

  constructor(level: LogLevel, write: (line: string) => void = writeToStderr) {
    const options: pino.LoggerOptions = {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    };
    this.#pino = pino(options, { write });
  }

  debug(event: ServiceEvent, message: string, fields: LogFields = {}): void {
    this.#pino.debug({ event, ...fields }, printable(message));
  }

  info(event: ServiceEvent, message: string, fields: LogFields = {}): void {
    this.#pino.info({ event, ...fields }, printable(message));
  }

  warn(event: ServiceEvent, message: string, fields: LogFields = {}): void {
    this.#pino.warn({ event, ...fields }, printable(message));
  }

  error(event: ServiceEvent, message: string, fields: LogFields = {}): void {
    this.#pino.error({ event, ...fields }, printable(message));
  }
}

/** The stream of the process, not a descriptor of pino's own: the order with other messages stays, and EPIPE is no crash. */
function writeToStderr(line: string): void {
  process.stderr.write(line);
}
