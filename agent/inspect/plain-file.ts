import { fstatSync } from 'node:fs';
import { type ScriptStyle, scriptStyleOf } from '../../parsers/script/script-style.ts';
import { HEADER_SIZE } from './file-header.ts';
import type { FileKind } from './file-outcome.ts';
import { readBytes } from './read-bytes.ts';
import { sniff } from './sniff.ts';

/** Kinds that need a closer look, whatever their name. */
const SIGNABLE: ReadonlySet<FileKind> = new Set(['mz', 'compound', 'cab', 'catalog', 'zip']);
/** Kinds that a script may look like: some magics are text. */
const MAY_BE_SCRIPT: ReadonlySet<FileKind> = new Set(['other', 'script', 'archive', 'disk-image']);

/** Bytes at the end of a script that hold the last line of its signature block, if it has one. */
export const SCRIPT_TAIL = 512;
const tail = Buffer.allocUnsafeSlow(SCRIPT_TAIL);

/**
 * The kind of an open file that is only to be counted: one that carries no signature, by its first bytes and, for a
 * script, its last. undefined for one that needs a closer look. Most of a disk ends here, so this loads no parser.
 * `first` is what readHeader gave.
 */
export function plainKindOf(path: string, descriptor: number, first: Buffer): FileKind | undefined {
  const kind = sniff(first);
  if (SIGNABLE.has(kind)) return undefined;
  const style = mayBeScript(kind) ? scriptStyleOf(path) : undefined;
  if (style === undefined) return kind;
  return holdsLastLine(endOfFile(descriptor, first), style) ? undefined : 'script';
}

/** Scripts have no magic: there the name counts, as it does for Windows. */
export function mayBeScript(sniffed: FileKind): boolean {
  return MAY_BE_SCRIPT.has(sniffed);
}

/** Whether the last line of a signature block is there, in UTF-8 or either order of UTF-16. */
export function holdsLastLine(end: Buffer, { lastLine }: ScriptStyle): boolean {
  let forms = formsOf.get(lastLine);
  if (forms === undefined) {
    const utf16 = Buffer.from(lastLine, 'utf16le');
    forms = [Buffer.from(lastLine), utf16, Buffer.from(utf16).swap16()];
    formsOf.set(lastLine, forms);
  }
  return forms.some((form) => end.includes(form));
}

const formsOf = new Map<string, readonly Buffer[]>();

function endOfFile(descriptor: number, first: Buffer): Buffer {
  if (first.length < HEADER_SIZE) return first.subarray(-SCRIPT_TAIL); // that was all of it
  const { size } = fstatSync(descriptor);
  return tail.subarray(
    0,
    readBytes(descriptor, tail, 0, SCRIPT_TAIL, Math.max(0, size - SCRIPT_TAIL)),
  );
}
