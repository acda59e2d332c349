/** Same length, and no function of Windows. */
const NAME = Buffer.from('\0VirtualAlloc2\0', 'latin1');
const NO_NAME = Buffer.from('\0VirtualAllocX\0', 'latin1');

/**
 * A copy of a Windows executable that runs in Wine 8: V8 looks VirtualAlloc2 up by its name, does without where there is none, and
 * ends at once with Wine's. One byte differs, so the copy is for tests only. Throws where the name is not there exactly once:
 * then the runtime is another one, and this was not tried with it.
 */
export function wineCopy(executable: Uint8Array): Uint8Array {
  const bytes = Buffer.from(executable);
  const at = bytes.indexOf(NAME);
  if (at < 0 || bytes.includes(NAME, at + 1))
    throw new Error('the name VirtualAlloc2 is expected once in an executable that Wine is to run');
  NO_NAME.copy(bytes, at);
  return bytes;
}
