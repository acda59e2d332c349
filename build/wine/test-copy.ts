import { readFileSync, writeFileSync } from 'node:fs';

/** Same length, and no function of Windows. */
const NAME = Buffer.from('\0VirtualAlloc2\0', 'latin1');
const NO_NAME = Buffer.from('\0VirtualAllocX\0', 'latin1');

/**
 * Writes a copy of a Windows executable that runs in Wine 8: V8 looks VirtualAlloc2 up by its name, does without where there is
 * none, and ends at once with Wine's. One byte differs, so the copy is for tests only. Throws where the name is not there
 * exactly once: then the runtime is another one, and this was not tried with it.
 */
export function writeWineCopy(executable: string, copy: string): void {
  const bytes = readFileSync(executable);
  const at = bytes.indexOf(NAME);
  if (at < 0 || bytes.includes(NAME, at + 1))
    throw new Error(
      `${executable}: the name VirtualAlloc2 is expected once, for the copy for Wine`,
    );
  NO_NAME.copy(bytes, at);
  writeFileSync(copy, bytes, { mode: 0o755 });
}
