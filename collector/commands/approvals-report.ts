import { ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { builtInRules } from '../../parsers/rules/built-in-rules.ts';
import type { Approval } from '../approvals/approval.ts';
import { reportOn } from '../approvals/approval-report.ts';
import { isFor } from '../approvals/conditions.ts';
import { readApprovals } from '../approvals/read-approvals.ts';
import type { Finding } from '../findings/finding.ts';
import { readFindings } from '../findings/read-findings.ts';
import { findRule, type HuntRule, toolOf } from '../hunt/find-rule.ts';
import { planOfRule } from '../hunt/rule-plan.ts';
import { printNotes } from '../print/notes.ts';
import { printResult } from '../print/print-result.ts';
import { DEFAULT_QUERY_LIMITS } from '../store/store.ts';
import type { ReportOptions } from './approvals.ts';
import { parseDuration } from './duration.ts';
import { withReader } from './run-kql.ts';

const MAX_DAYS = 3_660;

/** `approvals report`: approvals that are expired, expire soon, approve nothing that was seen, or name a tool of no rule. */
export async function reportApprovals(options: ReportOptions): Promise<void> {
  const { data, format, unused, expiring, rule = [] } = options;
  const nowMs = Date.now();
  const now = ticksFromUnixMs(nowMs);
  const soon = ticksFromUnixMs(nowMs + parseDuration(expiring, '--expiring', MAX_DAYS));
  const from = ticksFromUnixMs(nowMs - parseDuration(unused, '--unused', MAX_DAYS));
  const own = await Promise.all(rule.map(findRule));
  const approvals = readApprovals(data);
  const rules = [...builtInRules, ...own].filter((each) =>
    approvals.some((approval) => isAbout(approval, each)),
  );
  const findings: Finding[] = [];
  await withReader(data, async (store) => {
    const asked = { store, run: { now, limits: DEFAULT_QUERY_LIMITS } };
    for (const each of rules) {
      const { id, name } = each;
      const plan = await planOfRule(store, each);
      const range = { from, to: now, by: 'Timestamp' } as const;
      const found = await readFindings(asked, { id, name, tool: toolOf(each), plan }, range);
      for (const finding of found) findings.push(finding);
    }
  });
  const hasRule = (approval: Approval) => rules.some((each) => isAbout(approval, each));
  const lines = reportOn(approvals, findings, hasRule, { now, soon });
  const names = ['Id', 'What', 'Tool', 'Owner', 'Ticket'];
  const result = {
    columns: [
      ...names.map((name) => ({ name, type: 'string' }) as const),
      { name: 'Expires', type: 'datetime' } as const,
    ],
    rows: lines.map(({ approval: { id, tool, owner, ticket, expires }, what }) => [
      ...[id, what, tool, owner, ticket],
      expires,
    ]),
  };
  const notes = format === 'table' ? process.stdout : process.stderr;
  if (lines.length > 0 || format !== 'table') printResult(result, format);
  printNotes(notes, [
    `${approvals.length} approvals, ${lines.length} things to look at: expired, expiring within ${expiring}, ` +
      `unused for ${unused} (no file that was seen is approved by it), or naming a tool of no rule.`,
  ]);
}

function isAbout(approval: Approval, rule: HuntRule): boolean {
  return isFor(approval, { tool: toolOf(rule), rule: rule.id, ruleName: rule.name });
}
