import { createHash } from 'node:crypto';
import type { Finding } from '../findings/finding.ts';
import type { FindingRange, FindingRule } from '../findings/finding-rule.ts';
import { readFlagged, readLookAlikes } from '../findings/read-findings.ts';
import type { Asked } from '../hunt/ask.ts';

/** What a run asks the store, with a mark of its own. */
export interface HuntQuestion {
  /** Of a rule, or one that changes with the set of rules. */
  readonly id: string;
  readonly name: string;
  readonly read: (asked: Asked, range: FindingRange) => Promise<readonly Finding[]>;
}

/**
 * One question a rule, for the files that it means: the signers' dictionary answers it in milliseconds. And one for the
 * look-alikes of all rules, which reads every row: a question a rule would take minutes. With other rules that one begins anew.
 */
export function huntQuestions(rules: readonly FindingRule[]): readonly HuntQuestion[] {
  const ids = rules.map(({ id }) => id).sort();
  const digest = createHash('sha256').update(ids.join('\n')).digest('hex').slice(0, 16);
  return [
    ...rules.map((rule) => ({
      ...{ id: rule.id, name: rule.name },
      read: (asked: Asked, range: FindingRange) => readFlagged(asked, rule, range),
    })),
    {
      ...{ id: `look-alikes-${digest}`, name: 'look-alikes of all rules' },
      read: (asked, range) => readLookAlikes(asked, rules, range),
    },
  ];
}
