import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { formatDatetime, ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { printable } from '../../parsers/record/printable.ts';
import { ApprovalBook, type EditListener } from '../approvals/approval-book.ts';
import { changeWords } from '../approvals/approval-changes.ts';
import { approvalsFile } from '../approvals/approvals-schema.ts';
import { MOST_FILE_BYTES, parseApprovals, requireApprovals } from '../approvals/parse-approvals.ts';
import { readApprovals } from '../approvals/read-approvals.ts';
import { AuditLog } from '../doors/audit-log.ts';
import { approvalTable, versionTable } from '../print/approval-table.ts';
import { printResult } from '../print/print-result.ts';
import { databaseFile } from '../store/sqlite/open-database.ts';
import { UsageError } from '../usage-error.ts';

export interface ApprovalFormat {
  readonly format: 'table' | 'json' | 'csv';
}

export interface ReportOptions extends ApprovalFormat {
  readonly data: string;
  /** As `30d`. */
  readonly unused: string;
  readonly expiring: string;
  /** Rule files, beside the built-in rules. */
  readonly rule?: readonly string[];
}

const now = () => ticksFromUnixMs(Date.now());

/** `approvals check`: the exit status. */
export async function checkApprovals(file: string): Promise<number> {
  const { approvals, problems } = parseApprovals(await textOf(file), file, now());
  for (const { words } of problems) process.stdout.write(`${printable(words)}\n`);
  const errors = problems.length === 1 ? '1 error' : `${problems.length} errors`;
  const sound = approvals.length === 1 ? '1 approval' : `${approvals.length} approvals`;
  process.stdout.write(`${sound}, ${errors}\n`);
  return problems.length === 0 ? 0 : 1;
}

/** `approvals apply`: prints what changes, then makes it so, all of the file or nothing. */
export async function applyApprovals(
  file: string,
  { data, dryRun = false }: { readonly data: string; readonly dryRun?: boolean },
): Promise<void> {
  const at = now();
  const texts = requireApprovals(await textOf(file), file, at);
  const known = new Map(readApprovals(data).map((approval) => [approval.id, approval]));
  const changes = texts.map((text) => changeWords(text, known.get(text.id)));
  for (const [index, words] of changes.entries()) {
    const lines = words.length === 0 ? [`unchanged  ${texts[index]?.id}`] : words;
    process.stdout.write(`${lines.map(printable).join('\n')}\n`);
  }
  const count = changes.filter((words) => words.length > 0).length;
  const outcome = `${count} of ${texts.length} approvals`;
  if (dryRun) {
    process.stdout.write(`${outcome} would change; nothing has, because of --dry-run\n`);
    return;
  }
  if (!existsSync(databaseFile(data)))
    process.stderr.write(`no collector has served ${printable(data)} yet: check --data\n`);
  const book = new ApprovalBook(data);
  try {
    book.put(texts, at, userName(), auditOf(data));
  } finally {
    book.close();
  }
  process.stdout.write(`${outcome} changed\n`);
}

export function listApprovals({ data, format }: ApprovalFormat & { readonly data: string }): void {
  const approvals = readApprovals(data);
  if (approvals.length === 0 && format === 'table')
    process.stdout.write('There are no approvals: approvals apply FILE makes some.\n');
  else printResult(approvalTable(approvals, now(), format), format);
}

export function withdrawApproval(id: string, { data }: { readonly data: string }): void {
  const book = openBook(data, id);
  try {
    const result = book.withdraw(id, now(), userName(), auditOf(data));
    if (result === 'unknown') throw unknownApproval(id);
    const words = result === 'already' ? 'was withdrawn before' : 'is withdrawn; its versions stay';
    process.stdout.write(`approval ${id} ${words}\n`);
  } finally {
    book.close();
  }
}

export function showHistory(
  id: string,
  { data, format }: ApprovalFormat & { readonly data: string },
): void {
  const book = openBook(data, id);
  try {
    const versions = book.history(id);
    if (versions.length === 0) throw unknownApproval(id);
    printResult(versionTable(versions, now()), format);
  } finally {
    book.close();
  }
}

/** Opens no new file: a wrong --data would otherwise look like a folder without approvals. */
function openBook(data: string, id: string): ApprovalBook {
  if (!existsSync(approvalsFile(data))) throw unknownApproval(id);
  return new ApprovalBook(data);
}

function unknownApproval(id: string): UsageError {
  return new UsageError(`there is no approval ${printable(id)}: approvals list shows them`);
}

async function textOf(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MOST_FILE_BYTES)
      throw new UsageError(`${file} has ${size} bytes: ${MOST_FILE_BYTES} are the most`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read ${file}: ${error instanceof Error ? error.message : error}`);
  }
}

function userName(): string {
  return `user ${userInfo().username}`;
}

/** Told before an edit is durable: where it cannot be written, nothing changes. */
function auditOf(dataFolder: string): EditListener {
  const log = new AuditLog(dataFolder, { rotates: false });
  return (event, what) => {
    try {
      log.write({ time: formatDatetime(now()), event, address: userName(), what });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UsageError(`the audit log cannot be written, so nothing is changed: ${reason}`);
    }
  };
}
