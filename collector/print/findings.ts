import { printable } from '../../parsers/record/printable.ts';
import type { Finding, Level } from '../doctor/finding.ts';
import { wrap } from './notes.ts';

const WORDS: Readonly<Record<Level, string>> = { ok: 'OK', warn: 'WARN', fail: 'FAIL' };
const LEVEL_WIDTH = 6;
const CHECK_WIDTH = 13;

/** A line a finding, and below it what to do. */
export function findingsTable(findings: readonly Finding[], width: number): string {
  const margin = LEVEL_WIDTH + CHECK_WIDTH;
  const lines = findings.flatMap(({ level, check, message, remedy }) => {
    const head = WORDS[level].padEnd(LEVEL_WIDTH) + check.padEnd(CHECK_WIDTH);
    const texts = [message, ...(remedy === undefined ? [] : [`do: ${remedy}`])];
    const body = texts.map((text) => wrap(printable(text), width - margin)).join('\n');
    return head + body.replaceAll('\n', `\n${' '.repeat(margin)}`);
  });
  return `${lines.join('\n')}\n`;
}
