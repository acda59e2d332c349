/** A place in a configuration file, from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What was given for a key, still as text: one, or those of a list. */
export interface Given {
  readonly from: 'flag' | 'environment' | 'file' | 'default';
  readonly texts: readonly string[];
  /** Of a file. */
  readonly place?: Place;
}

export interface ConfigProblem {
  readonly place?: Place | undefined;
  /** The dotted name. */
  readonly key?: string | undefined;
  readonly message: string;
}

/** `FILE:LINE:COLUMN: KEY: message`, as compilers say it. */
export function problemText({ place, key, message }: ConfigProblem): string {
  const where = place === undefined ? '' : `${place.file}:${place.line}:${place.column}: `;
  return `${where}${key === undefined ? '' : `${key}: `}${message}`;
}
