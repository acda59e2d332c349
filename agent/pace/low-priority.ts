import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

const IONICE = '/usr/bin/ionice';
const IDLE_CLASS = '3';

/**
 * Gives way to everything else on the machine: the lowest CPU priority, and on Linux disk access only when nobody else wants it.
 * For the threads that are there and those that they start. Returns what could not be had, for a person.
 */
export function lowerPriority(): string[] {
  const threads = process.platform === 'linux' ? readdirSync('/proc/self/task') : ['0'];
  try {
    for (const thread of threads) setPriority(Number(thread), constants.priority.PRIORITY_LOW);
  } catch (error) {
    return [`--background: the CPU priority stays as it is: ${(error as Error).message}`];
  }
  if (process.platform !== 'linux') return [];
  if (!existsSync(IONICE))
    return [`--background: ${IONICE} is not there: only the CPU priority is low`];
  try {
    execFileSync(IONICE, ['-c', IDLE_CLASS, '-p', ...threads], { stdio: 'pipe' });
    return [];
  } catch (error) {
    return [`--background: only the CPU priority is low: ${(error as Error).message}`];
  }
}
