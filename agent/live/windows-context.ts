import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { addTo } from './lists.ts';
import type { AutostartEntry, LiveContext, RunningProcess } from './live-context.ts';
import { foldWindowsPath, windowsPaths } from './windows-paths.ts';

/** Bytes of JSON: 1,000 processes come to some 300 KB. */
const MAX_OUTPUT = 64 * 1024 * 1024;
const TIMEOUT_MS = 120_000;

/**
 * What Windows is asked, by CIM. It runs under any execution policy, since that concerns script files, and in constrained language mode.
 * Source: Microsoft Learn, "Win32_Process", "Win32_Service", "Win32_StartupCommand", "Get-ScheduledTask".
 */
const QUESTION = [
  // Where a locked-down shell refuses this, the rest of the answer is still read: what is not ASCII in it may then be wrong.
  'try { [Console]::OutputEncoding = [Text.Encoding]::UTF8 } catch { }',
  '$processes = @(Get-CimInstance Win32_Process | Select-Object ProcessId, ParentProcessId, Name, ExecutablePath, ' +
    "@{n='StartTime'; e={ if ($_.CreationDate) { $_.CreationDate.ToUniversalTime().ToString('o') } }})",
  '$services = @(Get-CimInstance Win32_Service | Select-Object Name, State, StartMode, PathName)',
  '$autostarts = @(Get-CimInstance Win32_StartupCommand | Select-Object Name, Command)',
  '$tasks = @(Get-ScheduledTask | ForEach-Object { $task = $_; $task.Actions | Where-Object { $_.Execute } | Select-Object ' +
    "@{n='Name'; e={ $task.TaskPath + $task.TaskName }}, @{n='State'; e={ [string]$task.State }}, " +
    "@{n='Command'; e={ $_.Execute + ' ' + $_.Arguments }} })",
  '@{ processes = $processes; services = $services; autostarts = $autostarts; tasks = $tasks } | ConvertTo-Json -Depth 4 -Compress',
].join('; ');

/** Asks the machine itself. What it does not answer is `missing`. */
export async function windowsContext(): Promise<LiveContext> {
  const system = process.env.SystemRoot ?? 'C:\\Windows';
  // By its absolute path: a PATH can be anyone's.
  const shell = path.win32.join(system, 'System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe');
  const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', QUESTION];
  try {
    const { stdout } = await promisify(execFile)(shell, args, {
      maxBuffer: MAX_OUTPUT,
      timeout: TIMEOUT_MS,
      windowsHide: true,
    });
    return readWindowsContext(stdout, process.env);
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0] ?? '';
    return toContext(new Map(), new Map(), [`PowerShell did not answer: ${reason}`]);
  }
}

/** The answer to QUESTION as a LiveContext. Commands in it are looked through for paths and not kept: they hold passwords. */
export function readWindowsContext(
  json: string,
  environment: Readonly<Record<string, string | undefined>>,
): LiveContext {
  const answer = parse(json);
  if (answer === undefined)
    return toContext(new Map(), new Map(), ['PowerShell did not answer in JSON']);
  const processes = new Map<string, RunningProcess[]>();
  const rows = rowsOf(answer.processes);
  const names = new Map(rows.map((row) => [row.ProcessId, text(row.Name)]));
  let withoutPath = 0;
  for (const row of rows) {
    const file = text(row.ExecutablePath);
    if (file === null) withoutPath += 1;
    else addTo(processes, foldWindowsPath(file), processOf(row, names));
  }
  const entries = new Map<string, AutostartEntry[]>();
  const add = (entry: AutostartEntry, command: string | null) => {
    for (const file of windowsPaths(command ?? '', environment)) addTo(entries, file, entry);
  };
  for (const row of rowsOf(answer.services)) {
    const state = [text(row.State), text(row.StartMode)].filter((word) => word !== null).join(', ');
    add({ kind: 'service', name: text(row.Name) ?? '', state }, text(row.PathName));
  }
  for (const row of rowsOf(answer.autostarts))
    add({ kind: 'autostart', name: text(row.Name) ?? '', state: null }, text(row.Command));
  for (const row of rowsOf(answer.tasks))
    add(
      { kind: 'scheduled-task', name: text(row.Name) ?? '', state: text(row.State) },
      text(row.Command),
    );

  const unnamed = rowsWithoutImage(rows);
  const hidden = withoutPath - unnamed;
  return toContext(
    processes,
    entries,
    hidden > 0
      ? [`of ${hidden} processes the file that they run was not told: run as administrator`]
      : [],
  );
}

/** The idle process, the kernel and its helpers have no image file, whoever asks. */
function rowsWithoutImage(rows: readonly Row[]): number {
  const kernel = new Set([
    'System Idle Process',
    'System',
    'Registry',
    'Memory Compression',
    'Secure System',
    'vmmem',
  ]);
  return rows.filter((row) => text(row.ExecutablePath) === null && kernel.has(text(row.Name) ?? ''))
    .length;
}

function processOf(row: Row, names: ReadonlyMap<unknown, string | null>): RunningProcess {
  const parentPid = typeof row.ParentProcessId === 'number' ? row.ParentProcessId : null;
  return {
    pid: Number(row.ProcessId),
    name: text(row.Name) ?? '',
    parentPid,
    parentName: names.get(parentPid) ?? null,
    user: null, // Win32_Process tells it one process at a time, which takes seconds
    startTime: isoTime(text(row.StartTime)),
  };
}

function isoTime(value: string | null): string | null {
  const ms = Date.parse(value ?? '');
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function toContext(
  processes: ReadonlyMap<string, readonly RunningProcess[]>,
  entries: ReadonlyMap<string, readonly AutostartEntry[]>,
  missing: readonly string[],
): LiveContext {
  return {
    status: missing.length === 0 ? 'complete' : 'partial',
    missing,
    of(file) {
      const key = foldWindowsPath(file);
      return {
        RunningProcesses: (processes.get(key) ?? []).map((found) => ({ ...found })),
        AutostartEntries: (entries.get(key) ?? []).map((found) => ({ ...found })),
      };
    },
  };
}

type Row = Readonly<Record<string, unknown>>;

function parse(json: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(json.replace(/^\ufeff/, ''));
    return typeof value === 'object' && value !== null ? (value as Row) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** ConvertTo-Json makes an array of one element that element. */
function rowsOf(value: unknown): readonly Row[] {
  const rows = Array.isArray(value) ? value : [value];
  return rows.filter((row): row is Row => typeof row === 'object' && row !== null);
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
