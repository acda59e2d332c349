import { formatDatetime } from '../../record/datetime.ts';
import type { ToolFacts } from '../tool-facts.ts';

/** What a filter wanted to leave out, in the words of an approval. */
export interface FilterIntent {
  /** From which the approval's id is made: the filter's file name without folder and extension. */
  readonly name: string;
  readonly tool: ToolFacts;
  /** Programs that may run, and those that may start them; empty where the filter names none. */
  readonly names: readonly string[];
  readonly parents: readonly string[];
}

const TICKS_A_DAY = 864_000_000_000n;
/** An approval can last 365 days; what is made from a filter should be looked at sooner. */
const DAYS = 90n;
const MAX_ID = 64;
const MAX_PROCESSES = 50;

/**
 * The approval that says what a filter meant, as a file of approvals has it. Where the filter says nothing, on devices, owner
 * and ticket, stands REPLACE: such an approval holds for no device until a person has filled it in. `now` is in ticks.
 */
export function approvalText(intent: FilterIntent, now: bigint): string {
  const { tool } = intent;
  const folder = tool.tool.replaceAll(/[<>:"/\\|?*\p{Cc}]/gu, '').trim();
  return [
    'approvals:',
    `  - id: ${idOf(intent)}`,
    `    tool: ${quoted(tool.tool)}`,
    ...(tool.signers.length > 0
      ? list('signers', tool.signers)
      : list('thumbprints', tool.thumbprints)),
    '    # Where it is installed; a folder into which users cannot write.',
    ...list('paths', [
      `C:\\Program Files\\${folder}\\**`,
      `C:\\Program Files (x86)\\${folder}\\**`,
    ]),
    '    devices:',
    '      # Which they are, the filter does not say: ids, names or groups.',
    '      names:',
    "        - 'REPLACE-*'",
    ...processLines(intent),
    "    owner: 'REPLACE: who answers for it'",
    "    reason: 'REPLACE: what it is used for'",
    "    ticket: 'REPLACE: where it was agreed'",
    `    expires: ${formatDatetime(now + DAYS * TICKS_A_DAY).slice(0, 10)}`,
  ].join('\n');
}

function processLines({ names, parents }: FilterIntent): string[] {
  const conditions = (names.length > 0 ? names : [undefined]).flatMap((name) =>
    (parents.length > 0 ? parents : [undefined]).map((parent) => ({ name, parent })),
  );
  if (names.length + parents.length === 0) return [];
  const lines = conditions.slice(0, MAX_PROCESSES).map(({ name, parent }) => {
    const parts = [name && `name: ${quoted(name)}`, parent && `parent: ${quoted(parent)}`];
    return `      - { ${parts.filter((part) => part !== undefined).join(', ')} }`;
  });
  if (conditions.length > MAX_PROCESSES)
    lines.push(
      `      # and ${conditions.length - MAX_PROCESSES} more pairs, which are left out here`,
    );
  return [
    '    # Known only where the agent gathers live context (--live): without it the approval holds for nothing.',
    '    # Leave these lines out to approve the files whatever runs them.',
    '    processes:',
    ...lines,
  ];
}

function idOf({ name, tool }: FilterIntent): string {
  const slug = `${tool.tool}-${name}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return slug.replace(/^-+/, '').slice(0, MAX_ID).replace(/-+$/, '');
}

function list(key: string, values: readonly string[]): string[] {
  return [`    ${key}:`, ...values.map((value) => `      - ${quoted(value)}`)];
}

/** Single quotes keep backslashes readable; JSON's are YAML's double quotes, for what cannot be seen. */
function quoted(text: string): string {
  return /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(text)
    ? JSON.stringify(text)
    : `'${text.replaceAll("'", "''")}'`;
}
