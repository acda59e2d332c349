import type { SweepOptions } from '../sweep-settings.ts';
import type { Config } from './config-keys.ts';

/** The configuration as the options of a sweep. */
export function sweepOptions(config: Config): SweepOptions {
  return {
    paths: config.paths,
    include: config.include,
    exclude: config.exclude,
    oneFileSystem: config.one_file_system,
    followLinks: config.follow_links,
    network: config.network,
    maxFileSize: config.max_file_size,
    threads: config.threads,
    ioLimit: config.io_limit,
    cpuLimit: config.cpu_limit,
    unsigned: config.report_unsigned,
    roots: config.roots,
    store: config.store,
    crl: config.crl,
    distrust: config.distrust,
    strict: config.strict,
    catalogs: config.catalogs,
    deviceId: config['device.id'],
    deviceName: config['device.name'],
    machineGroup: config['device.group'],
    live: config.live,
    state: config.state,
    changedOnly: true,
    resendDays: config.resend_days,
  };
}
