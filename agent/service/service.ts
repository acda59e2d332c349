import { CommandError, exitStatus } from '../exit-status.ts';
import { lowerPriority } from '../pace/low-priority.ts';
import type { EffectiveConfig } from './effective-config.ts';
import { programFiles, runningProgram } from './install-source.ts';
import { type ConfigFlags, loadConfig } from './load-config.ts';
import { ServiceLog } from './service-log.ts';
import { ServicePeriod } from './service-period.ts';
import { listenForStop } from './stop-signals.ts';
import { refuseUntrusted } from './trusted-config.ts';

export interface ServiceRequest {
  readonly configFile: string;
  readonly flags: ConfigFlags;
  /** One sweep, then the end: for a timer. */
  readonly once: boolean;
}

/**
 * The deployed agent: sweeps when it is time, sends the records, and begins anew with another configuration on SIGHUP. Returns
 * the exit status when it was told to stop, or has done its one sweep. Throws CommandError where it cannot begin.
 */
export async function runService(request: ServiceRequest): Promise<number> {
  const signals = listenForStop();
  try {
    let effective = readTrusted(request);
    const cannot = lowerPriority(); // before anything starts threads: they inherit it
    for (;;) {
      const log = new ServiceLog(effective.config['log.level']);
      for (const warning of [...cannot, ...effective.warnings]) log.warn('warning', warning);
      const reload = signals.untilReload();
      const period = await ServicePeriod.open(effective.config, log);
      try {
        if (request.once) return await period.sweepOnce(signals.stop);
        await period.sweepUntil(reload.signal, signals.stop);
      } finally {
        await period.close();
      }
      if (!reload.reloads()) {
        log.info('stopped', 'told to stop');
        return exitStatus.done;
      }
      effective = readAgain(request, effective, log);
    }
  } finally {
    signals.remove();
  }
}

/** Neither a configuration that others can write nor what it names is believed, nor the program that reads it. */
function readTrusted({ configFile, flags }: ServiceRequest): EffectiveConfig {
  const effective = loadConfig(configFile, flags);
  refuseUntrusted(configFile, effective.config, programFiles(runningProgram(true)));
  return effective;
}

/** A mistake in a new configuration must not end a service that runs. */
function readAgain(
  request: ServiceRequest,
  before: EffectiveConfig,
  log: ServiceLog,
): EffectiveConfig {
  try {
    const effective = readTrusted(request);
    log.info('reloaded', `the configuration was read again: ${request.configFile}`);
    return effective;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    log.error('reload-refused', `the configuration stays as it was: ${error.message}`);
    return before;
  }
}
