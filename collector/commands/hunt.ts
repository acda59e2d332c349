import { formatDatetime } from '../../parsers/record/datetime.ts';
import { printable } from '../../parsers/record/printable.ts';
import type { Asked } from '../hunt/ask.ts';
import { readDeviceNames } from '../hunt/device-names.ts';
import { addEverFirstSeen, type EverSeen, readEverSeen, seenElsewhen } from '../hunt/ever-seen.ts';
import { readEvidence } from '../hunt/evidence.ts';
import { explainEmpty } from '../hunt/explain-empty.ts';
import { findDevice } from '../hunt/find-device.ts';
import { findRule } from '../hunt/find-rule.ts';
import { applyWindow } from '../hunt/hunt-window.ts';
import { reportIdsOf } from '../hunt/report-ids.ts';
import { readReporting } from '../hunt/reporting.ts';
import { counted, gaps, reportingWords } from '../hunt/reporting-words.ts';
import { planOfRule } from '../hunt/rule-plan.ts';
import { readWindow, type WindowOptions } from '../hunt/window-options.ts';
import { printNotes } from '../print/notes.ts';
import { printEvidence } from '../print/print-evidence.ts';
import { printResult } from '../print/print-result.ts';
import { DEFAULT_QUERY_LIMITS } from '../store/store.ts';
import { type PrintOptions, readNow, withReader } from './run-kql.ts';

export interface HuntOptions extends PrintOptions, WindowOptions {
  /** DeviceId or name of a device: its files are printed instead of the rule's rows. */
  readonly evidence?: string;
}

/**
 * `hunt`: runs a rule and prints its rows. With json and csv nothing but the rows is on stdout; what a person should know
 * then goes to stderr.
 */
export async function hunt(wanted: string, options: HuntOptions): Promise<void> {
  const rule = await findRule(wanted);
  const now = readNow(options.now);
  const window = readWindow(options, now);
  const notes = options.format === 'table' ? process.stdout : process.stderr;
  await withReader(options.data, async (store) => {
    const asked: Asked = { store, run: { now, limits: DEFAULT_QUERY_LIMITS } };
    const windowed = applyWindow(await planOfRule(store, rule), now, window);
    const answer = await store.run(windowed.plan, asked.run);
    const heading = [`${printable(rule.name)} (${printable(rule.id)})`, windowed.words, ''];
    if (options.evidence !== undefined) {
      const device = findDevice(answer, options.evidence, await readDeviceNames(asked));
      const ids = reportIdsOf(answer, device.id);
      const evidence = await readEvidence(asked, windowed, device.id, ids);
      printNotes(notes, heading);
      printEvidence(device, evidence, options.format, notes);
      return;
    }
    const seen = await readEverSeen(asked, rule.id);
    const isEmpty = answer.rows.length === 0;
    printNotes(notes, heading);
    if (!isEmpty || options.format !== 'table')
      printResult(addEverFirstSeen(answer, seen), options.format);

    const reporting = await readReporting(asked, windowed.window);
    const names = await readDeviceNames(asked);
    const elsewhen = elsewhenWords(seenElsewhen(answer, seen));
    if (isEmpty) {
      const why = await explainEmpty(asked, windowed);
      printNotes(notes, [
        'No device matches.',
        ...reportingWords(reporting, names),
        ...why,
        ...elsewhen,
      ]);
    } else {
      printNotes(notes, ['', ...gaps(reporting, names), ...elsewhen, NOT_COMPARABLE]);
    }
  });
}

function elsewhenWords(devices: readonly EverSeen[]): readonly string[] {
  const [last] = devices;
  if (!last) return [];
  const when = `${printable(last.deviceName)} on ${formatDatetime(last.last)}`;
  return [
    `Flagged at another time, and not in this answer: ${counted(devices.length, 'device')}, the last ${when} (AgentSightingInfo).`,
  ];
}

/** Source: DeviceFileCertificateInfo holds Defender's verification events, our table what each sweep saw. */
const NOT_COMPARABLE =
  'Count and FirstSeen are of our sweeps: they do not compare with those of Defender, dcount(SHA1) does.';
