import { createReadStream } from 'node:fs';
import { access, constants, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { DateOrder, ExportFormat, ExportProblem } from '../../parsers/exports/export-row.ts';
import { compare } from '../coverage/compare.ts';
import type { CoverageReport } from '../coverage/coverage-report.ts';
import { type DeviceMap, parseDeviceMap } from '../coverage/device-map.ts';
import { toCoverageCsv } from '../coverage/print/coverage-csv.ts';
import { toCoverageHtml } from '../coverage/print/coverage-html.ts';
import { toCoverageJson } from '../coverage/print/coverage-json.ts';
import { toCoverageTable } from '../coverage/print/coverage-table.ts';
import { writeToFile, writeToStdout } from '../coverage/print/output.ts';
import { ProblemList } from '../coverage/problem-list.ts';
import type { ExportSource } from '../coverage/read-exports.ts';
import { TooManyDevicesError } from '../coverage/side.ts';
import { wantedRules } from '../coverage/wanted-rules.ts';
import { EXIT_ERRORS, EXIT_INCOMPLETE } from '../exit-status.ts';
import { readWindow, type WindowOptions } from '../hunt/window-options.ts';
import { type LiveOptions, liveExport } from '../live-export/live-source.ts';
import { DEFAULT_QUERY_LIMITS } from '../store/store.ts';
import { UsageError } from '../usage-error.ts';
import { readNow, withReader } from './run-kql.ts';

export interface CoverageOptions extends WindowOptions, LiveOptions {
  readonly data: string;
  readonly timezone?: string;
  readonly dateOrder?: DateOrder;
  readonly exportFormat?: ExportFormat;
  readonly deviceMap?: string;
  readonly rules?: readonly string[];
  readonly format: 'table' | 'json' | 'csv' | 'html';
  readonly out?: string;
  /** Percent. */
  readonly failUnder?: string;
  readonly listProblems?: string;
  readonly now?: string;
}

/**
 * `coverage`: holds exports against what agents recorded, and prints the report. Gives the exit status: 1 where the recall is under
 * --fail-under, 3 where an export could not be read whole.
 */
export async function coverage(
  files: readonly string[],
  options: CoverageOptions,
): Promise<number> {
  const least = readPercent(options.failUnder);
  const now = readNow(options.now);
  const live = liveExport(options, readWindow(options, now), now, process.env);
  const window = live ? live.window : readWindow(options, now);
  if (files.length === 0 && !live)
    throw new UsageError(
      'nothing to compare with: name an export, or give --from-graph or --from-log-analytics',
    );
  const deviceMap = await readDeviceMap(options.deviceMap);
  for (const file of files) await checkReadable(file);
  const sources: ExportSource[] = files.map((file) => fileSource(file, options));
  if (live) sources.push(live.source);
  return withReader(options.data, async (store) => {
    const rules = await wantedRules(store, options.rules);
    const asked = { store, run: { now, limits: DEFAULT_QUERY_LIMITS } };
    const problems = new ProblemList(options.listProblems);
    let report: CoverageReport | undefined;
    try {
      const onProblem = (name: string, problem: ExportProblem) => problems.add(name, problem);
      report = await compare(sources, asked, { rules, window, deviceMap, onProblem });
      refuseUnread(report);
      const parts = partsOf(report, options.format);
      if (options.out === undefined || options.out === '-') await writeToStdout(parts);
      else writeToFile(options.out, parts);
      return exitStatus(report, least);
    } catch (error) {
      if (error instanceof TooManyDevicesError) throw new UsageError(error.message);
      throw error;
    } finally {
      report?.close();
      problems.close();
    }
  });
}

/** Columns of a terminal for which the table is made. */
const WIDTH = 80;

function partsOf(report: CoverageReport, format: CoverageOptions['format']): Iterable<string> {
  switch (format) {
    case 'table':
      return [toCoverageTable(report, WIDTH)];
    case 'json':
      return toCoverageJson(report);
    case 'csv':
      return toCoverageCsv(report);
    case 'html':
      return toCoverageHtml(report);
  }
}

/** An export of which no row could be read is a mistake in how it was given. */
function refuseUnread({ exports }: CoverageReport): void {
  for (const { stopped, rows } of exports)
    if (stopped !== undefined && rows === 0) throw new UsageError(stopped);
}

/** 1 says more than 3: what could not be read can only raise the recall. */
function exitStatus({ exports, recall, windows }: CoverageReport, least: number | undefined) {
  if (least !== undefined) {
    if (!windows.common) return EXIT_ERRORS;
    if (recall !== undefined && recall * 100 < least) return EXIT_ERRORS;
  }
  return exports.some(({ stopped }) => stopped !== undefined) ? EXIT_INCOMPLETE : 0;
}

function readPercent(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,3}(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= 100)) throw new UsageError(`--fail-under takes percent, as 95, not ${text}`);
  return value;
}

function fileSource(file: string, options: CoverageOptions): ExportSource {
  const { exportFormat: format, timezone: timeZone, dateOrder } = options;
  return {
    name: path.basename(file),
    chunks: chunksOf(file),
    ...(format && { format }),
    ...(timeZone !== undefined && { timeZone }),
    ...(dateOrder && { dateOrder }),
  };
}

/** Opened when it is asked for, so that many files need not be open at once. */
async function* chunksOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(file);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : error}`);
  }
}

async function readDeviceMap(file: string | undefined): Promise<DeviceMap> {
  if (file === undefined) return { devices: [], problems: [] };
  try {
    return parseDeviceMap(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : error}`);
  }
}

async function checkReadable(file: string): Promise<void> {
  try {
    await access(file, constants.R_OK);
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : error}`);
  }
}
