import { readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { addTo } from './lists.ts';
import type { RunningProcess } from './live-context.ts';
import { readBounded } from './read-bounded.ts';

/** The processes of this machine by the files that they run. */
export interface ProcessTable {
  /** The process whose image is the file, or that has it mapped, as Wine maps the program that it runs. */
  of(file: { readonly realPath: string; readonly stats: Stats }): RunningProcess[];
  readonly missing: readonly string[];
}

const MOST_PROCESSES = 65_536;
/** Pairs of a process and a file that it has mapped. */
const MOST_MAPPINGS = 400_000;
/** Bytes of one /proc/PID/maps. */
const MOST_MAPS = 4 * 1024 * 1024;
/** Clock ticks a second in /proc, whatever the kernel's own: 100 on x64. Source: time(7), "USER_HZ". */
const TICKS_PER_SECOND = 100;
/** Kernel threads are its children: they run no file. */
const KTHREADD = 2;

/** Reads `/proc` once. Source: proc(5). */
export function linuxProcesses(root = '/'): ProcessTable {
  const proc = path.join(root, 'proc');
  const users = userNames(root);
  const bootMs = bootTime(proc);
  const processes = new Map<number, ProcessFacts>();
  const byImage = new Map<string, number[]>();
  const byMapping = new Map<string, number[]>();
  let refused = 0;
  let mappings = 0;

  const pids = readdirSync(proc).filter((name) => /^\d+$/.test(name));
  for (const name of pids.slice(0, MOST_PROCESSES)) {
    const folder = path.join(proc, name);
    const facts = readFacts(folder, bootMs, users);
    if (facts === undefined) continue; // it has ended meanwhile
    processes.set(facts.pid, facts);
    if (facts.pid === KTHREADD || facts.parentPid === KTHREADD) continue;
    try {
      readlinkSync(path.join(folder, 'exe'));
      const { dev, ino } = statSync(path.join(folder, 'exe')); // of the image itself, also where it was renamed
      addTo(byImage, `${dev}:${ino}`, facts.pid);
      for (const file of mappedFiles(folder)) {
        if (++mappings > MOST_MAPPINGS) break;
        addTo(byMapping, file, facts.pid);
      }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (code === 'EACCES' || code === 'EPERM') refused += 1;
    }
  }
  return {
    of({ realPath, stats }) {
      const found = [
        ...(byImage.get(`${stats.dev}:${stats.ino}`) ?? []),
        ...(byMapping.get(realPath) ?? []),
      ];
      return [...new Set(found)].flatMap((pid) => describe(processes, pid));
    },
    missing: [
      ...(refused > 0 ? [refusal(refused)] : []),
      ...(pids.length > MOST_PROCESSES
        ? [`only ${MOST_PROCESSES} of ${pids.length} processes were looked at`]
        : []),
      ...(mappings > MOST_MAPPINGS ? [`only ${MOST_MAPPINGS} mapped files were looked at`] : []),
    ],
  };
}

function refusal(count: number): string {
  const processes = count === 1 ? '1 process' : `${count} processes`;
  return process.getuid?.() === 0
    ? `${processes} could not be looked at: this system hides them from root as well`
    : `${processes} of other users could not be looked at: run as root to see them`;
}

interface ProcessFacts extends Omit<RunningProcess, 'parentName'> {
  readonly parentPid: number;
}

function describe(
  processes: ReadonlyMap<number, ProcessFacts>,
  pid: number,
): readonly RunningProcess[] {
  const facts = processes.get(pid);
  if (facts === undefined) return [];
  return [{ ...facts, parentName: processes.get(facts.parentPid)?.name ?? null }];
}

/** The name stands in parentheses and may hold any of them: it ends at the last one. Source: proc_pid_stat(5). */
function readFacts(
  folder: string,
  bootMs: number | undefined,
  users: ReadonlyMap<number, string>,
): ProcessFacts | undefined {
  try {
    const stat = readFileSync(path.join(folder, 'stat'), 'utf8');
    const { uid } = statSync(folder);
    const nameEnd = stat.lastIndexOf(')');
    const fields = stat.slice(nameEnd + 2).split(' ');
    const ticks = Number(fields[19]);
    return {
      pid: Number.parseInt(stat, 10),
      name: stat.slice(stat.indexOf('(') + 1, nameEnd),
      parentPid: Number(fields[1]),
      user: users.get(uid) ?? `${uid}`,
      startTime:
        bootMs === undefined
          ? null
          : new Date(bootMs + (ticks / TICKS_PER_SECOND) * 1000).toISOString(),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

/** Absolute paths, each once. A line break in a name is `\012` there. Source: proc_pid_maps(5). */
function mappedFiles(folder: string): ReadonlySet<string> {
  const files = new Set<string>();
  const text = readBounded(path.join(folder, 'maps'), MOST_MAPS) ?? '';
  for (const line of text.split('\n')) {
    const start = line.indexOf('/');
    if (start > 0) files.add(line.slice(start).replaceAll('\\012', '\n'));
  }
  return files;
}

function bootTime(proc: string): number | undefined {
  const seconds = /^btime (\d+)$/m.exec(readBounded(path.join(proc, 'stat'), MOST_MAPS) ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

/** Source: passwd(5). Users of a directory service are not in it: they stay numbers. */
function userNames(root: string): ReadonlyMap<number, string> {
  const users = new Map<number, string>();
  for (const line of (readBounded(path.join(root, 'etc/passwd'), MOST_MAPS) ?? '').split('\n')) {
    const [name = '', , uid] = line.split(':');
    if (uid !== undefined && !users.has(Number(uid))) users.set(Number(uid), name);
  }
  return users;
}
