import type { FileCertificateRecord } from '../../parsers/record/columns.ts';

/**
 * What runs a file and what starts it, as the machine was when the sweep began. Asked for flagged files only: live context
 * says whether a tool that was found is in use, it is no inventory of processes.
 */
export interface LiveContext {
  /** `partial`: some processes or entries could not be looked at; `missing` says which and why. */
  readonly status: 'complete' | 'partial';
  /** One sentence for a person each. Empty where the status is complete. */
  readonly missing: readonly string[];
  /** `path` as the walk gives it. Both columns are arrays, empty where nothing runs or starts the file. */
  of(path: string): Pick<FileCertificateRecord, 'RunningProcesses' | 'AutostartEntries'>;
}

/** One element of RunningProcesses. What the system did not tell is null. No command line is collected: they hold passwords. */
export interface RunningProcess {
  readonly pid: number;
  readonly name: string;
  readonly parentPid: number | null;
  readonly parentName: string | null;
  readonly user: string | null;
  /** ISO 8601, UTC. */
  readonly startTime: string | null;
}

/** One element of AutostartEntries. */
export interface AutostartEntry {
  readonly kind: 'service' | 'timer' | 'autostart' | 'scheduled-task' | 'cron';
  readonly name: string;
  /** As the system words it: enabled, disabled, Running, Stopped, ...; null where it has no such state. */
  readonly state: string | null;
}
