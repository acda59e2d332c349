import { CommandError } from '../exit-status.ts';
import type { InstalledSchedule, InstallRequest } from './install-target.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * One sweep as a service. It reads every file and writes its state alone: of root's powers it keeps the one to read, all file
 * systems are read-only but for the state. Memory may not be denied execution: V8 compiles at run time.
 * Source: systemd.exec(5), systemd.service(5), systemd.resource-control(5).
 */
export function serviceUnit(
  { state, alsoWritable, live }: Pick<InstallRequest, 'state' | 'alsoWritable' | 'live'>,
  command: readonly string[],
): string {
  const capabilities = ['CAP_DAC_READ_SEARCH', ...(live ? ['CAP_SYS_PTRACE'] : [])];
  const writable = [state, ...alsoWritable].map((folder) => unitWord(folder));
  return `[Unit]
Description=certsweep: record the signatures of this host's files
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart=${command.map((word) => unitWord(word).replaceAll('$', '$$$$')).join(' ')}
TimeoutStopSec=30
UMask=0077

Nice=19
CPUSchedulingPolicy=idle
IOSchedulingClass=idle
MemoryMax=512M
TasksMax=128

CapabilityBoundingSet=${capabilities.join(' ')}
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths=${writable.join(' ')}
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
DevicePolicy=closed
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
`;
}

/** The same delay on one host every time, a run that was missed made up for. Source: systemd.timer(5). */
export function timerUnit(schedule: InstalledSchedule): string {
  return `[Unit]
Description=certsweep: when to sweep

[Timer]
OnCalendar=${onCalendar(schedule)}
RandomizedDelaySec=${Math.round(schedule.jitterMs / 1000)}
FixedRandomDelay=true
Persistent=true

[Install]
WantedBy=timers.target
`;
}

/** A calendar knows whole days and what divides one. Source: systemd.time(7), "Calendar Events". */
function onCalendar({ everyMs, at }: InstalledSchedule): string {
  if (everyMs === DAY) return `*-*-* ${at ?? '00:00'}:00`;
  const hours = everyMs / HOUR;
  if (Number.isInteger(hours) && 24 % hours === 0) return `*-*-* 00/${hours}:00:00`;
  throw new CommandError(
    'schedule.every: a timer can be daily or every 1, 2, 3, 4, 6, 8 or 12 hours; for others keep `certsweep run --config FILE` running as a service of your own',
  );
}

/** One word of a unit file. Source: systemd.syntax(7), "Quoting"; systemd.unit(5), "Specifiers". */
function unitWord(text: string): string {
  if (/\p{Cc}/u.test(text))
    throw new CommandError('a control character in a path cannot be installed');
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('%', '%%');
  return /^[\w./@:=+-]+$/.test(escaped) ? escaped : `"${escaped}"`;
}
