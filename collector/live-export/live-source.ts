import { formatDatetime, ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { printable } from '../../parsers/record/printable.ts';
import type { ItemSource } from '../coverage/read-exports.ts';
import type { TimeWindow } from '../hunt/time-ranges.ts';
import { UsageError } from '../usage-error.ts';
import { graphService } from './graph-service.ts';
import type { LiveService } from './live-service.ts';
import { logAnalyticsService } from './log-analytics-service.ts';
import { queryToken } from './query-token.ts';
import { readLive } from './read-live.ts';

/** Which service is asked, as a user says it. Names are commander's. */
export interface LiveOptions {
  readonly fromGraph?: boolean;
  /** The id of a workspace. */
  readonly fromLogAnalytics?: string;
  readonly graphUrl?: string;
  readonly logAnalyticsUrl?: string;
  readonly queryTokenFile?: string;
}

/** An export that is yet to be asked for, and the window that it will be of. */
export interface LiveExport {
  readonly source: ItemSource;
  readonly window: TimeWindow;
}

/** 100 ns ticks. */
const DAY = 864_000_000_000n;
const DEFAULT_DAYS = 30n;

/**
 * What the options ask for; undefined where they ask for nothing live. Without a window it is the 30 days before `now`.
 * Throws UsageError for options that do not fit, no token, and a window that the service cannot have.
 */
export function liveExport(
  options: LiveOptions,
  window: TimeWindow | undefined,
  now: bigint,
  env: NodeJS.ProcessEnv,
): LiveExport | undefined {
  const clock = Date.now();
  const service = serviceOf(options, clock);
  if (!service) return undefined;
  const asked = window ?? { from: now - DEFAULT_DAYS * DAY, to: now };
  const first = ticksFromUnixMs(clock) - BigInt(service.days) * DAY;
  if (asked.from < first - START_SLACK)
    throw new UsageError(
      `${service.name} has the last ${service.days} days only: nothing before ${formatDatetime(first)} can be compared, so --from may not be earlier`,
    );
  const token = queryToken(options.queryTokenFile, env);
  const tell = (line: string) => console.error(`${service.name}: ${printable(line)}`);
  const items = readLive(service, asked, { token, tell });
  return { source: { name: service.name, items }, window: asked };
}

/** `--window 30d` was counted a moment ago. 100 ns ticks: a minute. */
const START_SLACK = 600_000_000n;

function serviceOf(options: LiveOptions, clock: number): LiveService | undefined {
  const { fromGraph, fromLogAnalytics, graphUrl, logAnalyticsUrl, queryTokenFile } = options;
  if (fromGraph && fromLogAnalytics !== undefined)
    throw new UsageError(
      '--from-graph and --from-log-analytics take tokens of their own: ask one of them at a time',
    );
  if (graphUrl !== undefined && !fromGraph)
    throw new UsageError('--graph-url says where --from-graph asks, which is not there');
  if (logAnalyticsUrl !== undefined && fromLogAnalytics === undefined)
    throw new UsageError(
      '--log-analytics-url says where --from-log-analytics asks, which is not there',
    );
  if (fromGraph) return graphService(graphUrl);
  if (fromLogAnalytics !== undefined)
    return logAnalyticsService(fromLogAnalytics, clock, logAnalyticsUrl);
  if (queryTokenFile !== undefined)
    throw new UsageError(
      '--query-token-file is for --from-graph or --from-log-analytics, of which none is there',
    );
  return undefined;
}
