import { LineCounter, parseDocument } from 'yaml';
import { UsageError } from '../usage-error.ts';
import type { ApprovalText } from './approval.ts';
import { ApprovalError, Fields, type Place, placeWords } from './approval-fields.ts';
import { checkExpiry, readApproval } from './read-approval.ts';

/** Of one file, and as many UTF-16 units: a thousand approvals have some 500 each. */
export const MOST_FILE_BYTES = 1_048_576;

/** One thing that is wrong with a file of approvals. */
export interface ApprovalProblem {
  /** `FILE:LINE: FIELD: MESSAGE` */
  readonly words: string;
}

export interface ParsedApprovals {
  readonly approvals: readonly ApprovalText[];
  /** Each approval's first problem; of a file that is no YAML, that one. */
  readonly problems: readonly ApprovalProblem[];
}

/**
 * Reads a file of approvals: YAML, a list under the key `approvals`. `now` in ticks is when they would be approved: an expiry
 * is measured from it. Anchors and aliases are refused, so that what stands in the file is all there is.
 */
export function parseApprovals(text: string, file: string, now: bigint): ParsedApprovals {
  const lines = new LineCounter();
  const problem = (line: number, field: string, message: string) => ({
    words: `${file}:${line}: ${field === '' ? '' : `${field}: `}${message}`,
  });
  const none = (line: number, message: string) => ({
    approvals: [],
    problems: [problem(line, '', message)],
  });
  if (text.length > MOST_FILE_BYTES) return none(1, `is longer than ${MOST_FILE_BYTES} characters`);
  // Every scalar is text: a hash of digits alone is no number.
  const document = parseDocument(text, { lineCounter: lines, schema: 'failsafe' });
  const [error] = document.errors;
  if (error) return none(error.linePos?.[0].line ?? 1, error.message.split('\n')[0] ?? '');
  const located = ({ place, message }: ApprovalError) =>
    problem(lineOf(document, place, lines), placeWords(place), message);
  const approvals: ApprovalText[] = [];
  const problems: ApprovalProblem[] = [];
  const tell = (each: unknown) => {
    if (!(each instanceof ApprovalError)) throw each;
    problems.push(located(each));
  };
  let list: readonly unknown[] = [];
  try {
    list = listOf(document);
  } catch (each) {
    tell(each);
  }
  const ids = new Set<string>();
  for (const [index, value] of list.entries()) {
    const place = ['approvals', index];
    try {
      const approval = readApproval(value, place);
      checkExpiry(approval, now, place);
      if (ids.has(approval.id))
        throw new ApprovalError([...place, 'id'], `${approval.id} stands in this file twice`);
      ids.add(approval.id);
      approvals.push(approval);
    } catch (each) {
      tell(each);
    }
  }
  return { approvals, problems };
}

/** The approvals of a file that is sound; else a UsageError with every problem. */
export function requireApprovals(text: string, file: string, now: bigint): readonly ApprovalText[] {
  const { approvals, problems } = parseApprovals(text, file, now);
  if (problems.length > 0) throw new UsageError(problems.map(({ words }) => words).join('\n'));
  return approvals;
}

/** Approvals of one file. */
const MOST_APPROVALS = 1_000;

function listOf(document: ReturnType<typeof parseDocument>): readonly unknown[] {
  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof ReferenceError)
      throw new ApprovalError([], 'has aliases (*name): write each value out');
    throw error;
  }
  const fields = new Fields(plain, [], ['approvals']);
  const list = fields.value('approvals');
  if (!Array.isArray(list)) throw new ApprovalError(['approvals'], 'a list is expected here');
  if (list.length > MOST_APPROVALS)
    throw new ApprovalError(['approvals'], `has more than ${MOST_APPROVALS} entries`);
  return list;
}

/** The line of a value, or of the innermost that is there around it. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  place: Place,
  lines: LineCounter,
): number {
  for (let length = place.length; length >= 0; length -= 1) {
    const node = document.getIn(place.slice(0, length), true) as { range?: [number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}
