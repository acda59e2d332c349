import path from 'node:path';
import { memoryOptions } from '../memory-options.ts';
import { asideOf, type InstallStep } from './install-step.ts';
import { type InstallPlan, type InstallRequest, removeState } from './install-target.ts';
import { taskXml } from './windows-task.ts';

const { join } = path.win32;

/** SIDs, since names are in the language of the system. Source: Windows, "Well-known SIDs". */
const SYSTEM = '*S-1-5-18';
const ADMINISTRATORS = '*S-1-5-32-544';
const USERS = '*S-1-5-32-545';
const TASK = 'certsweep';

/**
 * A scheduled task that runs one sweep as SYSTEM, which alone can read every file. Untested on Windows: the steps are tested
 * as text, and under Wine, where icacls.exe does nothing. `environment` gives the folders of the system.
 */
export function windowsInstall(environment: NodeJS.ProcessEnv): InstallPlan {
  const programFiles = environment.ProgramW6432 ?? environment.ProgramFiles ?? 'C:\\Program Files';
  const programData = environment.ProgramData ?? 'C:\\ProgramData';
  const system = join(environment.SystemRoot ?? 'C:\\Windows', 'System32');
  const library = join(programFiles, 'certsweep');
  const executable = join(library, 'certsweep.exe');
  const data = join(programData, 'certsweep');
  const config = join(data, 'config.yaml');
  const taskFile = join(data, 'task.xml');
  const schtasks = join(system, 'schtasks.exe');

  /** The folder belongs to administrators and has these rights alone: one that somebody made before does not stay his. */
  const secure = (folder: string, rights: readonly string[]): InstallStep[] => {
    const program = join(system, 'icacls.exe');
    return [
      { do: 'run', program, args: [folder, '/setowner', ADMINISTRATORS, '/T', '/L', '/Q'] },
      { do: 'run', program, args: [folder, '/inheritance:r', '/grant:r', ...rights, '/Q'] },
    ];
  };
  const full = [`${SYSTEM}:(OI)(CI)F`, `${ADMINISTRATORS}:(OI)(CI)F`];

  return {
    paths: { executable, config, jobs: [taskFile] },

    install({ source, configFile, state, schedule }: InstallRequest): InstallStep[] {
      const command =
        source.kind === 'executable'
          ? { program: executable, args: [] }
          : { program: source.node, args: [...memoryOptions, source.script] };
      const isElsewhere = configFile !== undefined && path.win32.resolve(configFile) !== config;
      return [
        ...(source.kind === 'executable'
          ? [
              { do: 'make-folder', path: library, mode: 0o755 } as const,
              ...secure(library, [...full, `${USERS}:(OI)(CI)RX`]),
              { do: 'copy', from: source.path, to: executable, mode: 0o755 } as const,
            ]
          : []),
        { do: 'make-folder', path: data, mode: 0o700 },
        ...secure(data, full),
        ...(isElsewhere
          ? [{ do: 'copy', from: configFile, to: config, mode: 0o600 } as const]
          : []),
        { do: 'make-folder', path: state, mode: 0o700 },
        ...secure(state, full),
        {
          do: 'write',
          path: taskFile,
          text: taskXml(schedule, command.program, [
            ...command.args,
            'run',
            '--once',
            '--config',
            config,
          ]),
          mode: 0o600,
          encoding: 'utf16le',
        },
        { do: 'run', program: schtasks, args: ['/create', '/tn', TASK, '/xml', taskFile, '/f'] },
      ];
    },

    uninstall(state: string, purge: boolean): InstallStep[] {
      return [
        { do: 'run', program: schtasks, args: ['/end', '/tn', TASK], mayFail: true },
        { do: 'run', program: schtasks, args: ['/delete', '/tn', TASK, '/f'], mayFail: true },
        { do: 'remove', path: taskFile },
        { do: 'remove', path: executable },
        { do: 'remove', path: asideOf(executable) },
        { do: 'remove-folder', path: library, evenIfFull: false },
        ...(purge
          ? [...removeState(state), { do: 'remove-folder', path: data, evenIfFull: true } as const]
          : []),
      ];
    },
  };
}
