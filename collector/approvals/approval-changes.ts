import type { Approval, ApprovalText } from './approval.ts';
import { approvalJson } from './approval-json.ts';

/** Lines that say what putting `text` would change of the approval in force; empty where that is nothing. */
export function changeWords(text: ApprovalText, known: Approval | undefined): readonly string[] {
  const { id, tool, owner } = text;
  const wanted = approvalJson(text);
  if (!known) return [`new        ${id}: ${tool}, of ${owner}, until ${wanted.expires}`];
  const current = approvalJson(known);
  const names = Object.keys(wanted) as (keyof typeof wanted)[];
  const changed = names.filter(
    (name) => JSON.stringify(wanted[name]) !== JSON.stringify(current[name]),
  );
  const back = known.withdrawn ? [`again      ${id}: it was withdrawn`] : [];
  const lines = changed.map((name) => {
    const [from, to] = [current[name], wanted[name]].map((value) => JSON.stringify(value));
    return `changed    ${id}: ${name} ${from} -> ${to}`;
  });
  return [...back, ...lines];
}
