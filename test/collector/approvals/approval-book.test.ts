import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import type { ApprovalText } from '../../../collector/approvals/approval.ts';
import { ApprovalBook } from '../../../collector/approvals/approval-book.ts';
import { approvalsFile } from '../../../collector/approvals/approvals-schema.ts';
import { parseApprovals } from '../../../collector/approvals/parse-approvals.ts';
import { temporaryFolder } from '../collector-process.ts';
import { exampleFile, NOW } from './scenarios.ts';

const { folder, remove } = temporaryFolder();
const book = new ApprovalBook(folder);
afterAll(() => {
  book.close();
  remove();
});
const [text] = parseApprovals(exampleFile(), 'f', NOW).approvals as [ApprovalText];

test('every edit is a version with who and when, and one that changes nothing is none', () => {
  expect(book.put([text], NOW, 'ann')).toMatchObject([{ version: 1, result: 'new' }]);
  expect(book.put([text], NOW + 1n, 'bob')).toMatchObject([{ version: 1, result: 'unchanged' }]);
  const other = { ...text, reason: 'other' };
  expect(book.put([other], NOW + 2n, 'bob')).toMatchObject([{ version: 2, result: 'changed' }]);
  expect(book.withdraw(text.id, NOW + 3n, 'eve')).toBe('withdrawn');
  expect(book.withdraw(text.id, NOW + 4n, 'eve')).toBe('already');
  expect(book.withdraw('unknown', NOW, 'eve')).toBe('unknown');
  expect(book.put([other], NOW + 5n, 'ann')).toMatchObject([{ version: 4, result: 'changed' }]);
  const versions = book.history(text.id).map(({ action, at, by, approval }) => ({
    ...{ action, at, by, reason: approval.reason, version: approval.version },
    approved: [approval.approvedAt, approval.approvedBy],
    withdrawn: approval.withdrawn !== undefined,
  }));
  const base = { action: 'approved', withdrawn: false };
  expect(versions).toEqual([
    { ...base, at: NOW, by: 'ann', reason: text.reason, version: 1, approved: [NOW, 'ann'] },
    { ...base, at: NOW + 2n, by: 'bob', reason: 'other', version: 2, approved: [NOW + 2n, 'bob'] },
    {
      ...{ action: 'withdrawn', at: NOW + 3n, by: 'eve', reason: 'other', version: 3 },
      ...{ approved: [NOW + 2n, 'bob'], withdrawn: true },
    },
    { ...base, at: NOW + 5n, by: 'ann', reason: 'other', version: 4, approved: [NOW + 5n, 'ann'] },
  ]);
  expect(book.current()).toEqual([book.history(text.id).at(-1)?.approval]);
});

test('another process sees an edit at once', () => {
  const second = new ApprovalBook(folder);
  second.put([{ ...text, id: 'second' }], NOW, 'ann');
  second.close();
  expect(book.current().map(({ id }) => id)).toEqual([text.id, 'second'].sort());
});

test('versions are neither changed nor removed, and only their owner reads them', () => {
  const db = new DatabaseSync(approvalsFile(folder));
  expect(() => db.exec('DELETE FROM approval_version')).toThrow('never removed');
  expect(() => db.exec("UPDATE approval_version SET by = 'x'")).toThrow('never changed');
  db.close();
  if (process.platform !== 'win32')
    expect(statSync(approvalsFile(folder)).mode & 0o777).toBe(0o600);
});

test('where an edit cannot be told, none of them is made', () => {
  const before = book.current();
  const texts = [
    { ...text, id: 'third' },
    { ...text, id: 'fourth' },
  ];
  const refuse = (_: string, what: string) => {
    if (/fourth|second/.test(what)) throw new Error('no audit log');
  };
  expect(() => book.put(texts, NOW, 'ann', refuse)).toThrow('no audit log');
  expect(() => book.withdraw('second', NOW, 'ann', refuse)).toThrow('no audit log');
  expect(book.current()).toEqual(before);
});
