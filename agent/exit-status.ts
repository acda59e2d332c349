/** Exit statuses of every command. Stable: scripts rely on them. */
export const exitStatus = {
  done: 0,
  /** A scan flagged something, or met a look-alike. */
  flagged: 1,
  /** Wrong usage, or the command could not do what it was asked. */
  failed: 2,
  /** A scan flagged nothing, but could not see all. */
  incomplete: 3,
  /** Stopped by a signal; what was found was written. */
  interrupted: 130,
} as const;

/** The command cannot run as asked. The message says what is wrong and what to do; no stack is printed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
