import { accessSync, constants, existsSync } from 'node:fs';
import { printable } from '../../parsers/record/printable.ts';
import { CommandError } from '../exit-status.ts';
import { agentStatus, statusText } from '../service/agent-status.ts';
import type { Config } from '../service/config-keys.ts';
import { loadConfig } from '../service/load-config.ts';
import { scheduledStart, timerStart } from '../service/next-start.ts';
import { readHistory } from '../service/sweep-history.ts';
import { spoolStatus } from '../ship/spool-status.ts';
import { installedState, installPlan } from './install.ts';
import type { StatusOptions } from './status-command.ts';

/** What `status` prints. Throws CommandError where the state folder cannot be read. */
export async function readStatus(
  options: StatusOptions,
): Promise<{ text: string; hasProblems: boolean }> {
  const plan = options.config === undefined ? installPlan() : undefined;
  const config =
    options.config === undefined
      ? installedConfig(plan?.paths.config ?? '')
      : loadConfig(options.config, {}).config;
  const state = config?.state ?? (plan ? installedState(plan, undefined) : '');
  refuseUnreadable(state);
  const history = readHistory(state);
  const scheduled = config && (await scheduledStart(config, history));
  const status = agentStatus({
    nowMs: Date.now(),
    installed: plan && [plan.paths.config, ...plan.paths.jobs].every((file) => existsSync(file)),
    state,
    history,
    spool: spoolStatus(state),
    everyMs: config?.['schedule.every'],
    next: plan === undefined ? scheduled : timerStart(),
  });
  const text =
    options.format === 'json'
      ? `${JSON.stringify(status, null, 2)}\n`
      : statusText(status)
          .split('\n')
          .map((line) => printable(line))
          .join('\n');
  return { text, hasProblems: status.problems.length > 0 };
}

/** undefined where nothing is installed. */
function installedConfig(file: string): Config | undefined {
  return existsSync(file) ? loadConfig(file, {}).config : undefined;
}

/** It is its owner's alone: without this, another user would read that nothing has run. */
function refuseUnreadable(state: string): void {
  try {
    accessSync(state, constants.R_OK | constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT')
      throw new CommandError(`cannot read ${state}: ${code}; ask as the user that runs the agent`);
  }
}
