import { createHash } from 'node:crypto';
import type { Scalar } from '../kql/plan.ts';
import type { ToolFacts } from './tool-facts.ts';

/** What an agent carries of a rule: plain JSON, so that it needs no KQL parser. */
export interface CompiledRule {
  readonly id: string;
  readonly name: string;
  readonly tactics: readonly string[];
  readonly techniques: readonly string[];
  readonly query: string;
  /** SHA-256 of the query in UTF-8, lower-case hex. */
  readonly digest: string;
  /** Absent for a rule that cannot be judged by one record: it never flags at the agent. */
  readonly predicate?: Scalar;
  /** Absent for a rule that says nothing of its tool. */
  readonly facts?: ToolFacts;
}

/** One digest over a set of rules, whatever their order: SHA-256 over the sorted lines `id digest facts`, facts as JSON. */
export function rulesDigest(rules: readonly CompiledRule[]): string {
  const lines = rules
    .map(({ id, digest, facts }) => `${id} ${digest} ${JSON.stringify(facts ?? null)}\n`)
    .sort();
  return createHash('sha256').update(lines.join('')).digest('hex');
}
