import type { CellValue, QueryResult } from '../../parsers/kql/plan.ts';
import type { Relation } from '../../parsers/kql/relation.ts';
import { unixMsFromTicks } from '../../parsers/record/datetime.ts';
import type { Asked } from '../hunt/ask.ts';
import { isWithin, planOf, project, table, where } from '../hunt/plan-parts.ts';
import type { TimeWindow } from '../hunt/time-ranges.ts';
import { DEFAULT_QUERY_LIMITS } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import { COMPARED_FIELDS } from './compared-facts.ts';
import type { RuleMatcher } from './rule-matcher.ts';
import type { Scratch } from './scratch.ts';
import { countRow, type DeviceList } from './side.ts';
import { WITHIN, whenOf } from './window.ts';

/** Rows that one question may answer: bounds memory. Records are stored by time, so that a slice of it reads no other rows. */
const ROWS_A_SLICE = 8_000;
/** 100 ns ticks in the first slice: one hour. */
const FIRST_SLICE = 36_000_000_000n;
const TOO_MUCH: ReadonlySet<string> = new Set(['too-many-rows', 'too-many-bytes']);

const BASE = ['Timestamp', 'DeviceId', 'DeviceName', 'DeviceIdSource', 'SHA1', 'FileKind'] as const;
const FACTS_AT = BASE.length;
const NAMES: readonly string[] = [...BASE, ...COMPARED_FIELDS.map(({ name }) => name)];
const SIGNED_AT = NAMES.indexOf('IsSigned');
const SIGNER_AT = NAMES.indexOf('Signer');

/** Where rows of a side go. */
export interface SideTarget {
  readonly scratch: Scratch;
  readonly devices: DeviceList;
  readonly match: RuleMatcher;
  /** Columns that rules ask for. */
  readonly ruleColumns: ReadonlySet<string>;
}

/**
 * Puts what agents recorded in `window` into the scratch file, a slice of time after the other. What is in `common` counts as
 * seen in the common window.
 */
export async function readGroundTruth(
  asked: Asked,
  window: TimeWindow,
  common: TimeWindow | undefined,
  target: SideTarget,
): Promise<void> {
  const more = [...target.ruleColumns].filter(
    (name) => !NAMES.includes(name) && name !== 'TimeGenerated',
  );
  const names = [...NAMES, ...more];
  for await (const rows of readSlices(asked, window, names)) addRows(rows, names, common, target);
}

function addRows(
  rows: QueryResult['rows'],
  names: readonly string[],
  common: TimeWindow | undefined,
  { scratch, devices, match }: SideTarget,
): void {
  const placeOf = new Map(names.map((name, index) => [name, index]));
  placeOf.set('TimeGenerated', 0);
  for (const row of rows) {
    const ticks = row[0] as bigint; // Timestamp is never null
    const sha1 = text(row[4]).toLowerCase();
    const seen = whenOf(common, ticks);
    const isInWindow = seen === WITHIN;
    const device = devices.find(text(row[1]), text(row[2]), text(row[3]));
    countRow(device, ticks, isInWindow);
    const ms = unixMsFromTicks(ticks);
    if (sha1 !== '') {
      const cells = row.slice(FACTS_AT, FACTS_AT + COMPARED_FIELDS.length);
      scratch.addSighting('agent', device.index, sha1, cells, text(row[5]), ms, isInWindow);
    }
    if (row[SIGNED_AT] !== true) continue; // DeviceFileCertificateInfo has signed rows only
    const read = (column: string): CellValue => row[placeOf.get(column) ?? -1] ?? null;
    for (const rule of match(text(row[SIGNER_AT]), read))
      scratch.addHit('agent', rule, device.index, sha1, seen);
  }
}

/** The rows of `window` in the order of time, some thousands at once. While some are used, the next are read. */
async function* readSlices(
  asked: Asked,
  window: TimeWindow,
  names: readonly string[],
): AsyncGenerator<QueryResult['rows']> {
  let length = FIRST_SLICE;
  const sliceFrom = (from: bigint): TimeWindow => {
    const end = from + length - 1n;
    return { from, to: end < window.to ? end : window.to };
  };
  let slice = sliceFrom(window.from);
  let reading = readSlice(asked, slice, names);
  for (;;) {
    const result = await reading;
    const { from, to } = slice;
    if (!result) length = to - from + 1n > 1n ? (to - from + 1n) / 2n : 1n;
    else if (result.rows.length < ROWS_A_SLICE / 3) length *= 2n;
    const isLast = result !== undefined && to >= window.to;
    if (!isLast) {
      slice = sliceFrom(result ? to + 1n : from);
      reading = readSlice(asked, slice, names);
      reading.catch(() => undefined); // is thrown when it is awaited, unless the reading ends before
    }
    if (result) yield result.rows;
    if (isLast) return;
  }
}

/** undefined where it would be too much at once. A single tick may have all that any query may answer. */
async function readSlice(
  { store, run }: Asked,
  slice: TimeWindow,
  names: readonly string[],
): Promise<QueryResult | undefined> {
  const records = table('AgentFileCertificateInfo');
  const root: Relation = project(where(records, isWithin(records, slice)), names);
  const isShortest = slice.from === slice.to;
  const limits = isShortest
    ? DEFAULT_QUERY_LIMITS
    : { ...DEFAULT_QUERY_LIMITS, rows: ROWS_A_SLICE };
  try {
    return await store.run(planOf(root), { ...run, limits });
  } catch (error) {
    if (!isShortest && error instanceof StoreError && TOO_MUCH.has(error.code)) return undefined;
    throw error;
  }
}

function text(cell: CellValue | undefined): string {
  return typeof cell === 'string' ? cell : '';
}
