import { printable } from '../../parsers/record/printable.ts';
import { explainEmpty } from '../hunt/explain-empty.ts';
import { findRule } from '../hunt/find-rule.ts';
import { applyWindow } from '../hunt/hunt-window.ts';
import { planOfRule } from '../hunt/rule-plan.ts';
import { readWindow, type WindowOptions } from '../hunt/window-options.ts';
import { printResult } from '../print/print-result.ts';
import { DEFAULT_QUERY_LIMITS } from '../store/store.ts';
import { type PrintOptions, readNow, withReader } from './run-kql.ts';

export interface HuntOptions extends PrintOptions, WindowOptions {}

/**
 * `hunt`: runs a rule and prints its rows. With json and csv nothing but the rows is on stdout; what a person should know
 * then goes to stderr.
 */
export async function hunt(wanted: string, options: HuntOptions): Promise<void> {
  const rule = await findRule(wanted);
  const now = readNow(options.now);
  const asked = readWindow(options, now);
  const notes = options.format === 'table' ? process.stdout : process.stderr;
  await withReader(options.data, async (store) => {
    const { plan, words } = applyWindow(await planOfRule(store, rule), now, asked);
    const run = { now, limits: DEFAULT_QUERY_LIMITS };
    const result = await store.run(plan, run);
    notes.write(`${printable(rule.name)} (${printable(rule.id)})\n${words}\n\n`);
    if (result.rows.length > 0 || options.format !== 'table') printResult(result, options.format);
    if (result.rows.length > 0) {
      notes.write(`\n${NOT_COMPARABLE}\n`);
    } else {
      notes.write('No device matches.\n');
      for (const line of await explainEmpty(store, plan, run)) notes.write(`${line}\n`);
    }
  });
}

/** Source: DeviceFileCertificateInfo holds Defender's verification events, our table what each sweep saw. */
const NOT_COMPARABLE =
  'Count and FirstSeen are of our sweeps: they do not compare with those of Defender, dcount(SHA1) does.';
