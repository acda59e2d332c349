import { windowWords } from '../../hunt/window-options.ts';
import type { CoverageReport, DeviceCoverage } from '../coverage-report.ts';
import type { DelaySummary } from '../delays.ts';
import type { SideDevice } from '../side.ts';
import type { CoverageWindows } from '../window.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `97.5 %`; `-` where there is nothing to find. Rounded down, so that 100 % means all. */
export function percent(share: number | undefined): string {
  if (share === undefined) return '-';
  return `${(Math.floor(share * 1000) / 10).toFixed(1).replace('.0', '')} %`;
}

/** `+2.5 h`, `-3.0 min`: how much later the export was. */
export function delayText(ms: number): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? '-' : '+';
  if (size >= DAY) return `${sign}${(size / DAY).toFixed(1)} d`;
  if (size >= HOUR) return `${sign}${(size / HOUR).toFixed(1)} h`;
  if (size >= MINUTE) return `${sign}${(size / MINUTE).toFixed(1)} min`;
  return `${sign}${(size / SECOND).toFixed(1)} s`;
}

export function delayWords(delay: DelaySummary | undefined): string {
  if (!delay)
    return 'Delay: unknown: there is no file that both saw for the first time in the common window.';
  const { files, median, p95, least, most } = delay;
  return (
    `Delay: the export minus the agent, + where the export is later, of ${files} file${files === 1 ? '' : 's'} that neither had ` +
    `before: median ${delayText(median)}, 95 in 100 within ${delayText(p95)}, from ${delayText(least)} to ${delayText(most)}.`
  );
}

/** Every window, and what none of them can prove. */
export function windowLines({
  asked,
  agent,
  exported,
  common,
}: CoverageWindows): readonly string[] {
  const told = (window: CoverageWindows['agent'], none: string) =>
    window ? windowWords(window) : none;
  return [
    `Agents:  ${told(agent, 'no record')}`,
    `Export:  ${told(exported, 'no row')}${asked ? ', as asked' : ', its first and last row'}`,
    `Common:  ${told(common, 'none: nothing can be compared')}`,
  ];
}

/** What must be known before anything is concluded. */
export const LIMITS: readonly string[] = [
  'That a file is not in the export proves nothing by itself: the export may have been made by a narrower query, or cut. Times before its first and after its last row are unknown, unless --from and --to say for when it was made.',
  'Defender verifies a file when it runs or is loaded: files that only lie on a disk are never in its table. The kinds say which those may be.',
  'An agent sees what is on the disk at a sweep: a file that came and went between two sweeps is only in the export. Unchanged files that no rule means are reported every four days: a shorter window lacks them.',
];

export function deviceName({ name, id }: SideDevice): string {
  return name === '' ? id : name;
}

/** What a device is called in reports: by the agent's name, else the export's. */
export function coverageName({
  agent,
  exported,
}: Pick<DeviceCoverage, 'agent' | 'exported'>): string {
  const device = agent ?? exported;
  return device ? deviceName(device) : '';
}

/** One line an export: what was read of it, and what not. */
export function exportLines({ exports }: CoverageReport): readonly string[] {
  return exports.map((each) => {
    const parts = [
      `${each.rows} rows`,
      ...(each.bad > 0 ? [`${each.bad} BAD`] : []),
      ...(each.outside > 0 ? [`${each.outside} outside the window that was asked for`] : []),
      ...(each.withoutHash > 0 ? [`${each.withoutHash} without SHA1`] : []),
      ...(each.otherRows > 0 ? [`${each.otherRows} of another table left`] : []),
    ];
    const stopped = each.stopped === undefined ? '' : `; NOT READ WHOLE: ${each.stopped}`;
    return `${each.name} (${each.format ?? 'unknown format'}): ${parts.join(', ')}${stopped}`;
  });
}
