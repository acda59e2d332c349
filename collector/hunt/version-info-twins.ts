import type { Scalar } from '../../parsers/kql/plan.ts';
import { type Asked, ask, ticksOf } from './ask.ts';
import { column, isWithin, summarize, table, where } from './plan-parts.ts';
import { counted } from './reporting-words.ts';
import type { LeadingConditions } from './split-time.ts';
import type { TimeWindow } from './time-ranges.ts';

/** Columns in which a file says of itself who made it. Nothing proves it. */
const SAYS_OF_ITSELF = ['CompanyName', 'ProductName', 'OriginalFileName'] as const;

/** The two tables of which each row is a signature or a file. */
export function isOfFiles(tableName: string): boolean {
  return tableName === 'DeviceFileCertificateInfo' || tableName === 'AgentFileCertificateInfo';
}

/**
 * Files in the window whose version information says what the rule asks of the signer: unsigned, re-signed or broken
 * copies, which no rule about signers finds.
 */
export async function readTwins(
  asked: Asked,
  { table: source, other }: LeadingConditions,
  window: TimeWindow,
): Promise<readonly string[]> {
  const [signer, ...more] = other;
  if (!isOfFiles(source.table) || more.length > 0 || signer?.kind !== 'string-match') return [];
  if (signer.negated || signer.value.kind !== 'column' || signer.value.name !== 'Signer') return [];
  const records = table('AgentFileCertificateInfo');
  const says = SAYS_OF_ITSELF.map((name): Scalar => ({ ...signer, value: column(records, name) }));
  const any = says.reduce((left, right) => ({
    kind: 'or',
    left,
    right,
    type: 'bool',
    span: signer.span,
  }));
  const aggregates = [
    ['Files', 'dcount', 'SHA1'],
    ['Devices', 'dcount', 'DeviceId'],
  ] as const;
  const twins = where(records, isWithin(records, window), any);
  const [row] = await ask(asked, summarize(twins, aggregates));
  const files = ticksOf(row?.Files);
  if (files === 0n) return [];
  const isOne = files === 1n;
  return [
    `${counted(files, 'file')} on ${counted(ticksOf(row?.Devices), 'device')} in the window ` +
      `${isOne ? 'says' : 'say'} so in ${isOne ? 'its' : 'their'} version information, and ` +
      `${isOne ? 'is' : 'are'} signed by somebody else or by nobody: AgentFileCertificateInfo has ${isOne ? 'it' : 'them'}.`,
  ];
}
