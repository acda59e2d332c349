import type { InstallStep } from './install-step.ts';

/** How the agent is started where it is installed. */
export type InstallSource =
  /** The packaged executable, to be copied. */
  | { readonly kind: 'executable'; readonly path: string }
  /** A checkout, left where it is: absolute paths of Node and of its script. */
  | { readonly kind: 'checkout'; readonly node: string; readonly script: string };

/** What an installation depends on. */
export interface InstallRequest {
  readonly source: InstallSource;
  /** The configuration to copy; undefined keeps the one that is installed. */
  readonly configFile: string | undefined;
  /** Absolute. */
  readonly state: string;
  /** Folders beside the state that the agent writes: of a token file elsewhere. */
  readonly alsoWritable: readonly string[];
  /** Whether it looks at processes of others. */
  readonly live: boolean;
  readonly schedule: InstalledSchedule;
}

/** What the system's own scheduler is told. Milliseconds. */
export interface InstalledSchedule {
  readonly everyMs: number;
  readonly jitterMs: number;
  /** Local time, `HH:MM`. */
  readonly at: string | undefined;
}

/** Where the files of an installation are. */
export interface InstallPaths {
  readonly executable: string;
  readonly config: string;
  /** Of the service manager or task scheduler. */
  readonly jobs: readonly string[];
}

export interface InstallPlan {
  readonly paths: InstallPaths;
  install(request: InstallRequest): readonly InstallStep[];
  /** `state` is removed only with `purge`, as are the configuration and what lies beside it. */
  uninstall(state: string, purge: boolean): readonly InstallStep[];
}

/**
 * Removes what the agent keeps in its state folder, and the folder only where nothing else is in it: a configuration may name
 * a folder that is not the agent's alone.
 */
export function removeState(state: string): InstallStep[] {
  const names = /^((state|spool)\.sqlite|lock$|token$|last-sweep\.json$)/;
  return [
    { do: 'remove-files', folder: state, names },
    { do: 'remove-folder', path: state, evenIfFull: false },
  ];
}
