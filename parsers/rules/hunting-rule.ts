import type { ToolFacts } from './tool-facts.ts';

/** A place in a file, both 1-based. */
export interface FilePlace {
  readonly line: number;
  readonly column: number;
}

/** Where a file as a whole is meant. */
export const FILE_START: FilePlace = { line: 1, column: 1 };

/** A hunting rule as its YAML file has it, in Azure-Sentinel's format. */
export interface HuntingRule {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** `hunting`, or `analytic` where the file has the fields of a scheduled rule. */
  readonly kind: 'hunting' | 'analytic';
  /** Tables that the rule says it reads. */
  readonly dataTypes: readonly string[];
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  /** KQL, character for character as in the file, line ends included. */
  readonly query: string;
  /** Of our own rules, and of others that say what they know in the same way. */
  readonly facts?: ToolFacts;
}

/** A rule file that cannot be used. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly file: string;
  /** 1-based; 1 where the file as a whole is meant. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
  /** The key that is missing or wrong; undefined where the YAML itself is. */
  readonly field: string | undefined;
  /** The message without the place. */
  readonly reason: string;

  constructor(file: string, place: FilePlace, field: string | undefined, message: string) {
    const { line, column } = place;
    const reason = field === undefined ? message : `${field}: ${message}`;
    super(`${file}:${line}:${column}: ${reason}`);
    this.reason = reason;
    this.file = file;
    this.line = line;
    this.column = column;
    this.field = field;
  }
}
