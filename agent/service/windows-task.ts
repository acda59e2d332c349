import type { InstalledSchedule } from './install-target.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/**
 * A task for schtasks.exe: background priority, a start that was missed is made up for, one at a time, never stopped for its
 * duration. Source: Windows, "Task Scheduler Schema" 1.2; 7 is the priority of background tasks.
 */
export function taskXml(
  schedule: InstalledSchedule,
  program: string,
  args: readonly string[],
): string {
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>certsweep: record the signatures of this host's files</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
${repetition(schedule)}      <StartBoundary>2026-01-01T${schedule.at ?? '00:00'}:00</StartBoundary>
      <Enabled>true</Enabled>
      <RandomDelay>${minutes(schedule.jitterMs)}</RandomDelay>
      <ScheduleByDay>
        <DaysInterval>${Math.max(1, Math.round(schedule.everyMs / DAY))}</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>S-1-5-18</UserId>
      <RunLevel>HighestAvailable</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>7</Priority>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xmlText(program)}</Command>
      <Arguments>${xmlText(args.map(windowsArgument).join(' '))}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

/** Within a day a trigger repeats; over days it counts them. */
function repetition({ everyMs }: InstalledSchedule): string {
  if (everyMs >= DAY) return '';
  return `      <Repetition>
        <Interval>${minutes(everyMs)}</Interval>
        <Duration>P1D</Duration>
      </Repetition>
`;
}

/** Whole minutes as an XML duration; the scheduler takes no less than one. */
function minutes(ms: number): string {
  return `PT${Math.max(1, Math.round(ms / MINUTE))}M`;
}

/** Source: Windows, "Parsing C command-line arguments"; a path holds no quotation mark. */
function windowsArgument(text: string): string {
  return /^[\w.:\\/-]+$/.test(text) ? text : `"${text}"`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function xmlText(text: string): string {
  return text.replaceAll(/[&<>]/g, (char) => ENTITIES[char] ?? char);
}
