import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { CommandError } from '../exit-status.ts';

/** Names in one folder: a mistaken `--roots /` must not read a disk. */
const MAX_NAMES = 20_000;

/** The bytes of `file`, up to `limit`. Throws CommandError with the file's name. */
export function readInput(file: string, limit: number): Uint8Array {
  try {
    const { size } = statSync(file);
    if (size > limit) throw new CommandError(`${file}: ${size} bytes, limit ${limit}`);
    return new Uint8Array(readFileSync(file));
  } catch (error) {
    throw cannotRead(file, error);
  }
}

/** `place` itself where it is a file; else the files in it, not below it, whose names match, in the order of their names. */
export function listInputs(place: string, names: RegExp): string[] {
  try {
    if (!statSync(place).isDirectory()) return [place];
    const entries = readdirSync(place).filter((name) => names.test(name));
    if (entries.length > MAX_NAMES)
      throw new CommandError(`${place}: more than ${MAX_NAMES} files`);
    return entries.sort().map((name) => path.join(place, name));
  } catch (error) {
    throw cannotRead(place, error);
  }
}

/** undefined where nothing is there, or nothing that this user may see. */
export function statIfThere(file: string): Stats | undefined {
  try {
    return statSync(file);
  } catch {
    return undefined;
  }
}

/** What `parse` gives; its ParseError becomes a CommandError that names the file. */
export function parseInput<Value>(file: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    throw new CommandError(`${file}: ${error.message} (${error.code} at ${error.offset})`);
  }
}

function cannotRead(file: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (error instanceof CommandError || code === undefined) return error;
  return new CommandError(`cannot read ${file}: ${code}`);
}
