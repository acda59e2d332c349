import type { Scalar } from '../../parsers/kql/plan.ts';
import type { Relation } from '../../parsers/kql/relation.ts';
import { columnsOf } from '../query/scalar-columns.ts';
import { type Asked, ask, ticksOf } from './ask.ts';
import type { WindowedPlan } from './hunt-window.ts';
import { equals, isWithin, summarize, table, where } from './plan-parts.ts';
import { counted } from './reporting-words.ts';
import { type LeadingConditions, splitTime } from './split-time.ts';
import { isOfFiles, readTwins } from './version-info-twins.ts';
import { windowAsOptions, windowWords } from './window-options.ts';

/**
 * Sentences that say why a rule found nothing: what matches outside the window, what a later step or an unjudged
 * signature left out, what only calls itself so. "No rows" alone would read as "not there".
 */
export async function explainEmpty(
  asked: Asked,
  { plan, window, movable }: WindowedPlan,
): Promise<readonly string[]> {
  const conditions = splitTime(plan);
  if (!conditions) return ['The rule begins with no table of this collector.'];
  const source = conditions.table;
  if (!source.columns.some(({ name }) => name === 'Timestamp')) return [];

  const inWindow = await countRows(asked, source, [
    isWithin(source, window),
    ...conditions.time,
    ...conditions.other,
  ]);
  const anyTime = await countRows(asked, source, conditions.other);
  const outside = anyTime.rows - inWindow.rows;
  const lines: string[] = [];
  if (inWindow.rows > 0n)
    lines.push(
      `In the window ${whatMatches(inWindow)} the rule's first conditions; its later steps leave none.`,
    );
  if (outside > 0n) {
    const way = movable ? `${windowAsOptions(anyTime)} shows` : '--now moves the window to';
    lines.push(
      `At any time ${whatMatches(anyTime)}, from ${windowWords(anyTime)}: ${way} ${outside === 1n ? 'it' : 'them'}.`,
    );
  } else if (inWindow.rows === 0n) {
    lines.push('Nothing outside the window matches either.');
  }
  lines.push(...(await explainTrust(asked, conditions, window)));
  if (inWindow.rows === 0n) lines.push(...(await readTwins(asked, conditions, window)));
  return lines;
}

interface Counted {
  readonly rows: bigint;
  readonly devices: bigint;
  readonly from: bigint;
  readonly to: bigint;
}

async function countRows(
  asked: Asked,
  source: Relation,
  conditions: readonly Scalar[],
): Promise<Counted> {
  const aggregates = [
    ['Rows', 'count'],
    ['Devices', 'dcount', 'DeviceId'],
    ['First', 'min', 'Timestamp'],
    ['Last', 'max', 'Timestamp'],
  ] as const;
  const [row] = await ask(asked, summarize(where(source, ...conditions), aggregates));
  return {
    rows: ticksOf(row?.Rows),
    devices: ticksOf(row?.Devices),
    from: ticksOf(row?.First),
    to: ticksOf(row?.Last),
  };
}

/** What a verdict decides where a rule asks for it. */
const VERDICTS: ReadonlySet<string> = new Set([
  'IsTrusted',
  'IsRootSignerMicrosoft',
  'SignatureStatus',
  'MatchGrade',
]);

/** A rule that asks for trust finds nothing where no roots were at hand to judge it. */
async function explainTrust(
  asked: Asked,
  { table: source, time, other }: LeadingConditions,
  window: WindowedPlan['window'],
): Promise<readonly string[]> {
  const rest = other.filter((term) => ![...columnsOf(term)].some((name) => VERDICTS.has(name)));
  if (rest.length === other.length) return [];
  if (!isOfFiles(source.table)) return [];
  const records = table('AgentFileCertificateInfo');
  const all = [isWithin(records, window), ...time, ...rest];
  const without = await countRows(asked, records, all);
  if (without.rows === 0n) return [];
  const open = await countRows(asked, records, [
    ...all,
    equals(records, 'SignatureStatus', 'NotJudged'),
  ]);
  return [
    `Without what the rule asks of the verdict, ${whatMatches(without)}; ` +
      `${open.rows} of them could not be judged, for want of code-signing roots (docs/trust.md).`,
  ];
}

function whatMatches({ rows, devices }: Counted): string {
  return `${counted(rows, 'row')} of ${counted(devices, 'device')} ${rows === 1n ? 'matches' : 'match'}`;
}
