import { pino } from 'pino';
import { printable } from '../../parsers/record/printable.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names of what happens. Stable: alerts look for them. */
export type CollectorEvent =
  | 'notice'
  | 'database'
  | 'listening'
  | 'request'
  | 'slow-request'
  | 'failed'
  | 'audit'
  | 'retention'
  | 'hunt'
  | 'notify'
  | 'stopping'
  | 'stopped';

export type LogFields = Readonly<Record<string, unknown>>;

export interface LogOutput {
  readonly write: (text: string) => void;
  /** A person reads along: plain lines instead of JSON. */
  readonly terminal: boolean;
}

/**
 * The collector's log on standard error: one JSON object a line with `time`, `level`, `event`, the fields, and `msg` for a person;
 * on a terminal the time, the level and the message only. Never a token, a header or the text of a query.
 */
export class CollectorLog {
  readonly #pino: pino.Logger;
  readonly #audit: pino.Logger;

  constructor(level: LogLevel, output: LogOutput = standardError) {
    const options: pino.LoggerOptions = {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    };
    const write = output.terminal ? plainly(output.write) : output.write;
    this.#pino = pino(options, { write });
    this.#audit = pino({ ...options, level: 'info' }, { write });
  }

  debug(event: CollectorEvent, message: string, fields: LogFields = {}): void {
    this.#pino.debug({ event, ...fields }, printable(message));
  }

  info(event: CollectorEvent, message: string, fields: LogFields = {}): void {
    this.#pino.info({ event, ...fields }, printable(message));
  }

  warn(event: CollectorEvent, message: string, fields: LogFields = {}): void {
    this.#pino.warn({ event, ...fields }, printable(message));
  }

  error(event: CollectorEvent, message: string, fields: LogFields = {}): void {
    this.#pino.error({ event, ...fields }, printable(message));
  }

  /** Who was refused and who enrolled. Written at every level: no setting may hide it. */
  audit(message: string): void {
    this.#audit.info({ event: 'audit' satisfies CollectorEvent }, printable(message));
  }
}

/** The stream of the process, not a descriptor of pino's own: the order with other messages stays, and EPIPE is no crash. */
const standardError: LogOutput = {
  write: (text) => void process.stderr.write(text),
  terminal: process.stderr.isTTY === true,
};

function plainly(write: (text: string) => void): (text: string) => void {
  return (text) => {
    const { time, level, msg } = JSON.parse(text) as Record<'time' | 'level' | 'msg', string>;
    write(`${time} ${level} ${msg}\n`);
  };
}
