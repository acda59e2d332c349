import path from 'node:path';
import { printable } from '../../parsers/record/printable.ts';
import { CommandError } from '../exit-status.ts';
import type { Config } from '../service/config-keys.ts';
import { programFiles, runningProgram } from '../service/install-source.ts';
import { belowRoot, carryOut, type InstallStep, stepText } from '../service/install-step.ts';
import type { InstallPlan, InstallRequest } from '../service/install-target.ts';
import { linuxInstall } from '../service/linux-install.ts';
import { loadConfig } from '../service/load-config.ts';
import { refuseUntrusted, tokenFile } from '../service/trusted-config.ts';
import { windowsInstall } from '../service/windows-install.ts';
import { statIfThere } from '../trust/read-input.ts';
import type { InstallCommandOptions, UninstallCommandOptions } from './install-command.ts';

type Print = (line: string) => void;

/** Installs what is running, or what `--dry-run` shows of it. Throws CommandError. */
export function install(options: InstallCommandOptions, print: Print): void {
  const plan = installPlan();
  const installed = belowRoot(plan.paths.config, options.root);
  const configFile = options.config === undefined ? undefined : path.resolve(options.config);
  if (configFile === undefined && statIfThere(installed) === undefined)
    throw new CommandError('--config FILE is wanted: nothing is installed yet');
  const { config } = loadConfig(configFile ?? installed, {});
  const source = runningProgram(options.fromSource ?? false);
  const steps = plan.install(installRequest(config, configFile, source));
  if (options.root === undefined && !options.dryRun) {
    refuseWithoutPrivilege('install');
    // The configuration itself is copied; what it names, and a checkout, stay where they are.
    const program = source.kind === 'checkout' ? programFiles(source) : [];
    refuseUntrusted(configFile ?? installed, config, program);
  }
  carryOutAll(steps, options, print);
  if (options.dryRun) return;
  print('installed; `certsweep status` shows when it last swept and what is unsent');
}

/** Takes away what `install` placed and says what is left. Throws CommandError. */
export function uninstall(options: UninstallCommandOptions, print: Print): void {
  const plan = installPlan();
  const state = installedState(plan, options.root);
  if (options.root === undefined && !options.dryRun) refuseWithoutPrivilege('uninstall');
  carryOutAll(plan.uninstall(state, options.purge ?? false), options, print);
  if (options.purge || options.dryRun) return;
  for (const kept of [path.dirname(plan.paths.config), state])
    if (statIfThere(belowRoot(kept, options.root)) !== undefined)
      print(`kept ${printable(kept)}; it may hold a token and unsent records (--purge removes it)`);
}

/** How this platform installs. Throws CommandError where there is no way yet. */
export function installPlan(platform: NodeJS.Platform = process.platform): InstallPlan {
  if (platform === 'linux') return linuxInstall;
  if (platform === 'win32') return windowsInstall(process.env);
  throw new CommandError(
    `there is no installation for ${platform}: start \`certsweep run\` by its own means`,
  );
}

/** The state folder of the installed configuration, or the default one where that cannot be read. */
export function installedState(plan: InstallPlan, root: string | undefined): string {
  try {
    return loadConfig(belowRoot(plan.paths.config, root), {}).config.state;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return process.platform === 'win32'
      ? path.join(path.dirname(plan.paths.config), 'state')
      : '/var/lib/certsweep';
  }
}

/** What `config` asks of the installation. */
export function installRequest(
  config: Config,
  configFile: string | undefined,
  source: InstallRequest['source'],
): InstallRequest {
  const tokenFolder = path.dirname(tokenFile(config));
  const enrols = config['collector.enrolment_key_file'] !== undefined;
  return {
    source,
    configFile,
    state: config.state,
    alsoWritable: enrols && tokenFolder !== config.state ? [tokenFolder] : [],
    live: config.live,
    schedule: {
      everyMs: config['schedule.every'],
      jitterMs: config['schedule.jitter'],
      at: config['schedule.at'],
    },
  };
}

function carryOutAll(
  steps: readonly InstallStep[],
  { dryRun, root }: { readonly dryRun?: boolean; readonly root?: string },
  print: Print,
): void {
  for (const step of steps) {
    const isLeftOut = step.do === 'run' && root !== undefined;
    print(printable(`${isLeftOut ? 'left out: ' : ''}${stepText(step)}`));
    if (dryRun && step.do === 'write')
      for (const line of step.text.split('\n')) print(`    ${line}`);
    const left = dryRun ? undefined : carryOut(step, root);
    if (left !== undefined) print(printable(left));
  }
}

function refuseWithoutPrivilege(command: string): void {
  const user = process.getuid?.();
  if (user !== undefined && user !== 0)
    throw new CommandError(
      `${command} writes where only administrators may: run it as root, or look with --dry-run`,
    );
}
