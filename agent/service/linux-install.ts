import path from 'node:path';
import { memoryOptions } from '../memory-options.ts';
import type { InstallStep } from './install-step.ts';
import {
  type InstallPlan,
  type InstallRequest,
  type InstallSource,
  removeState,
} from './install-target.ts';
import { serviceUnit, timerUnit } from './systemd-units.ts';

const LIBRARY = '/usr/local/lib/certsweep';
const EXECUTABLE = `${LIBRARY}/certsweep`;
const SETTINGS = '/etc/certsweep';
const CONFIG = `${SETTINGS}/config.yaml`;
const SERVICE = '/etc/systemd/system/certsweep.service';
const TIMER = '/etc/systemd/system/certsweep.timer';
const SYSTEMCTL = '/usr/bin/systemctl';

/** A systemd service for one sweep and the timer that starts it. */
export const linuxInstall: InstallPlan = {
  paths: { executable: EXECUTABLE, config: CONFIG, jobs: [SERVICE, TIMER] },

  install(request: InstallRequest): InstallStep[] {
    const { source, configFile, state } = request;
    const units = {
      [SERVICE]: serviceUnit(request, [...starting(source), 'run', '--once', '--config', CONFIG]),
      [TIMER]: timerUnit(request.schedule),
    };
    return [
      ...copyOf(source),
      { do: 'make-folder', path: SETTINGS, mode: 0o700 },
      ...copyOfConfig(configFile),
      { do: 'make-folder', path: state, mode: 0o700 },
      ...Object.entries(units).map(
        ([file, text]) =>
          ({ do: 'write', path: file, text, mode: 0o644, encoding: 'utf8' }) as const,
      ),
      { do: 'run', program: SYSTEMCTL, args: ['daemon-reload'] },
      { do: 'run', program: SYSTEMCTL, args: ['enable', '--now', 'certsweep.timer'] },
    ];
  },

  uninstall(state: string, purge: boolean): InstallStep[] {
    return [
      {
        do: 'run',
        program: SYSTEMCTL,
        args: ['disable', '--now', 'certsweep.timer'],
        mayFail: true, // it may be half installed
      },
      { do: 'run', program: SYSTEMCTL, args: ['stop', 'certsweep.service'], mayFail: true },
      { do: 'remove', path: TIMER },
      { do: 'remove', path: SERVICE },
      { do: 'run', program: SYSTEMCTL, args: ['daemon-reload'], mayFail: true },
      { do: 'remove', path: EXECUTABLE },
      { do: 'remove-folder', path: LIBRARY, evenIfFull: false },
      ...(purge
        ? [
            ...removeState(state),
            { do: 'remove-folder', path: SETTINGS, evenIfFull: true } as const,
          ]
        : []),
    ];
  },
};

function starting(source: InstallSource): string[] {
  return source.kind === 'executable'
    ? [EXECUTABLE]
    : [source.node, ...memoryOptions, source.script];
}

function copyOf(source: InstallSource): InstallStep[] {
  if (source.kind === 'checkout') return [];
  return [
    { do: 'make-folder', path: LIBRARY, mode: 0o755 },
    { do: 'copy', from: source.path, to: EXECUTABLE, mode: 0o755 },
  ];
}

function copyOfConfig(configFile: string | undefined): InstallStep[] {
  if (configFile === undefined || path.resolve(configFile) === CONFIG) return [];
  return [{ do: 'copy', from: configFile, to: CONFIG, mode: 0o600 }];
}
