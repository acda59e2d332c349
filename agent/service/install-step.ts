import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { CommandError } from '../exit-status.ts';

/** One step of an installation. Paths are absolute; `mode` is of POSIX and without effect on Windows. */
export type InstallStep =
  | { readonly do: 'make-folder'; readonly path: string; readonly mode: number }
  | { readonly do: 'copy'; readonly from: string; readonly to: string; readonly mode: number }
  | {
      readonly do: 'write';
      readonly path: string;
      readonly text: string;
      readonly mode: number;
      readonly encoding: 'utf8' | 'utf16le';
    }
  | {
      readonly do: 'run';
      readonly program: string;
      readonly args: readonly string[];
      /** Said when it fails, and the rest goes on. */
      readonly mayFail?: true;
    }
  | { readonly do: 'remove'; readonly path: string }
  | { readonly do: 'remove-files'; readonly folder: string; readonly names: RegExp }
  | { readonly do: 'remove-folder'; readonly path: string; readonly evenIfFull: boolean };

/** What a person reads of a step before or while it is done. */
export function stepText(step: InstallStep): string {
  switch (step.do) {
    case 'make-folder':
      return `make folder ${step.path} (${octal(step.mode)})`;
    case 'copy':
      return `copy ${step.from} to ${step.to} (${octal(step.mode)})`;
    case 'write':
      return `write ${step.path} (${octal(step.mode)})`;
    case 'run':
      return `run ${[step.program, ...step.args].join(' ')}`;
    case 'remove':
      return `remove ${step.path}`;
    case 'remove-files':
      return `remove the files of certsweep in ${step.folder}`;
    case 'remove-folder':
      return `remove folder ${step.path}${step.evenIfFull ? ' and all in it' : ' if it is empty'}`;
  }
}

/**
 * Does one step, and returns a sentence where a person has to do the rest. Below `root`, a folder that stands for `/`, files are
 * made and no program is run. Doing a step again changes nothing. Throws CommandError.
 */
export function carryOut(step: InstallStep, root: string | undefined): string | undefined {
  const below = (file: string) => belowRoot(file, root);
  try {
    switch (step.do) {
      case 'make-folder':
        makeFolder(below(step.path), step.mode);
        refuseLink(below(step.path));
        chmodSync(below(step.path), step.mode); // it may have been there, and mkdir heeds the umask
        break;
      case 'copy':
        replaceFile(below(step.to), readFileSync(step.from), step.mode);
        break;
      case 'write':
        replaceFile(below(step.path), encoded(step.text, step.encoding), step.mode);
        break;
      case 'run':
        if (root === undefined) runProgram(step.program, step.args, step.mayFail ?? false);
        break;
      case 'remove':
        if (removeFile(below(step.path)))
          return `left ${step.path}: it is what runs now; delete ${path.dirname(step.path)} when it has ended`;
        break;
      case 'remove-files':
        removeFiles(below(step.folder), step.names);
        break;
      case 'remove-folder':
        removeFolder(below(step.path), step.evenIfFull);
        break;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof CommandError || code === undefined) throw error;
    const why = isInUse(error) ? ' (run this as administrator, and end what has it open)' : '';
    throw new CommandError(`cannot ${stepText(step)}: ${code}${why}`);
  }
  return undefined;
}

/** Where `file` is below `root`, which stands for the whole system: on Windows for the drive that `file` is on. */
export function belowRoot(file: string, root: string | undefined): string {
  return root === undefined ? file : path.join(root, path.relative(path.parse(file).root, file));
}

/** The file as it was or as it will be, never half of it; a program that runs from it goes on. */
function replaceFile(file: string, content: Uint8Array, mode: number): void {
  const temporary = `${file}.new`;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
  rmSync(temporary, { force: true });
  const descriptor = openSync(temporary, 'wx', mode);
  try {
    for (let offset = 0; offset < content.length; )
      offset += writeSync(descriptor, content, offset);
    if (process.platform !== 'win32') fchmodSync(descriptor, mode);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  putInPlace(temporary, file);
}

/** Windows does not replace a program that runs, but lets it be renamed. */
function putInPlace(temporary: string, file: string): void {
  const aside = asideOf(file);
  try {
    renameSync(temporary, file);
  } catch (error) {
    if (!isInUse(error)) throw error;
    rmSync(aside, { force: true });
    renameSync(file, aside);
    renameSync(temporary, file);
  }
}

/** Where a program goes that runs while it is replaced (Windows). */
export function asideOf(file: string): string {
  return `${file}.old`;
}

/** What Windows says of a program that runs, of a file that somebody has open, and where rights are missing. Source: libuv, win/error.c. */
function isInUse(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return process.platform === 'win32' && ['EPERM', 'EACCES', 'EBUSY'].includes(code);
}

/** True where `file` is this very program and therefore stays: Windows deletes none that runs. */
function removeFile(file: string): boolean {
  try {
    rmSync(file, { force: true });
    return false;
  } catch (error) {
    if (isInUse(error) && path.relative(file, process.execPath) === '') return true;
    throw error;
  }
}

/** What is above it is open to read, as everywhere. */
function makeFolder(folder: string, mode: number): void {
  mkdirSync(path.dirname(folder), { recursive: true, mode: 0o755 });
  mkdirSync(folder, { recursive: true, mode });
}

function refuseLink(folder: string): void {
  if (lstatSync(folder).isDirectory()) return;
  throw new CommandError(`${folder} is a link, and would put the files elsewhere: remove it`);
}

/** schtasks.exe reads UTF-16 with its mark. */
function encoded(text: string, encoding: 'utf8' | 'utf16le'): Uint8Array {
  return Buffer.from(encoding === 'utf16le' ? `\ufeff${text}` : text, encoding);
}

function removeFiles(folder: string, names: RegExp): void {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  for (const entry of entries)
    if (entry.isFile() && names.test(entry.name)) rmSync(path.join(folder, entry.name));
}

function removeFolder(folder: string, evenIfFull: boolean): void {
  try {
    if (evenIfFull) rmSync(folder, { recursive: true, force: true });
    else rmdirSync(folder);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(code)) throw error;
  }
}

function runProgram(program: string, args: readonly string[], mayFail: boolean): void {
  try {
    execFileSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  } catch (error) {
    if (mayFail) return;
    const { stderr, code, status } = error as NodeJS.ErrnoException & {
      stderr?: string;
      status?: number;
    };
    const said = stderr?.trim() || code || `status ${status}`;
    throw new CommandError(`${[program, ...args].join(' ')}: ${said}`);
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
