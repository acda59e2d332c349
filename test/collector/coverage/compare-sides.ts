import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { compare } from '../../../collector/coverage/compare.ts';
import type { CoverageReport, Difference } from '../../../collector/coverage/coverage-report.ts';
import { parseDeviceMap } from '../../../collector/coverage/device-map.ts';
import { wantedRules } from '../../../collector/coverage/wanted-rules.ts';
import type { TimeWindow } from '../../../collector/hunt/time-ranges.ts';
import { SqliteStore } from '../../../collector/store/sqlite/sqlite-store.ts';
import { DEFAULT_QUERY_LIMITS } from '../../../collector/store/store.ts';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { parseDatetime } from '../../../parsers/record/datetime.ts';
import { type ExportedRow, type ExportWriter, exportWriters } from './written-exports.ts';

export interface Sides {
  readonly agent: readonly FileCertificateRecord[];
  readonly exported: readonly ExportedRow[];
  readonly writer?: ExportWriter;
  readonly window?: TimeWindow;
  readonly deviceMap?: string;
  readonly rules?: readonly string[];
  /** Instead of the written rows. */
  readonly text?: string;
}

/** Compares by a real store in a folder of its own below `folder`, and gives `look` the report before it is closed. */
export async function compareSides<Result>(
  folder: string,
  sides: Sides,
  look: (report: CoverageReport, problems: readonly string[]) => Result,
): Promise<Result> {
  const ours = exportWriters.find(({ format }) => format === 'ndjson');
  const { agent, exported, writer = ours, window, deviceMap = '', rules, text } = sides;
  if (!writer) throw new Error('no writer');
  const store = await SqliteStore.open(path.join(folder, randomUUID()), 'read-write');
  try {
    const receivedAt = parseDatetime('2026-07-05T00:00:00Z') ?? 0n;
    if (agent.length > 0)
      await store.append({
        id: 'f'.repeat(64),
        table: 'AgentFileCertificateInfo',
        rows: agent,
        receivedAt,
      });
    const { format, timeZone, dateOrder } = writer;
    const bytes = Buffer.from(text ?? writer.write(exported));
    const source = {
      name: 'export',
      chunks: chunksOf(bytes),
      format,
      ...(timeZone !== undefined && { timeZone }),
      ...(dateOrder && { dateOrder }),
    };
    const problems: string[] = [];
    const report = await compare(
      [source],
      { store, run: { now: receivedAt, limits: DEFAULT_QUERY_LIMITS } },
      {
        rules: await wantedRules(store, rules),
        window,
        deviceMap: parseDeviceMap(deviceMap),
        onProblem: (_name, { place, code }) => problems.push(`${place} ${code}`),
      },
    );
    try {
      return look(report, problems);
    } finally {
      report.close();
    }
  } finally {
    await store.close();
  }
}

/** One line a difference, sorted, so that a test can say all of them. */
export function differenceLines(report: CoverageReport): readonly string[] {
  return [...report.differences()].map(toLine).sort();
}

function toLine(each: Difference): string {
  const device = (each.agent ?? each.exported)?.name;
  const values = each.field === '' ? '' : ` ${each.field} ${each.agentValue}|${each.exportValue}`;
  return [each.kind, device, each.sha1.slice(0, 8), values.trim(), each.detail]
    .filter((part) => part !== '')
    .join(' ');
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const middle = Math.floor(bytes.length / 2);
  yield bytes.subarray(0, middle);
  yield bytes.subarray(middle);
}
