import { formatDatetime } from '../../parsers/record/datetime.ts';
import { printable } from '../../parsers/record/printable.ts';
import { readApprovals } from '../approvals/read-approvals.ts';
import type { JudgedFinding } from '../findings/judge-findings.ts';
import type { Asked } from '../hunt/ask.ts';
import { readDeviceNames } from '../hunt/device-names.ts';
import { type EverSeen, seenElsewhen } from '../hunt/ever-seen.ts';
import { readEvidence } from '../hunt/evidence.ts';
import { explainEmpty } from '../hunt/explain-empty.ts';
import { findDevice } from '../hunt/find-device.ts';
import { findRule, toolOf } from '../hunt/find-rule.ts';
import { applyWindow } from '../hunt/hunt-window.ts';
import { reportIdsOf } from '../hunt/report-ids.ts';
import { readReporting } from '../hunt/reporting.ts';
import { counted, gaps, reportingWords } from '../hunt/reporting-words.ts';
import { planOfRule } from '../hunt/rule-plan.ts';
import { runHunt } from '../hunt/run-hunt.ts';
import { readWindow, type WindowOptions } from '../hunt/window-options.ts';
import { lookAlikeWords } from '../print/look-alike-words.ts';
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
    const hunted = await runHunt(asked, rule, windowed, readApprovals(options.data));
    const { answer, result, flagged, lookAlikes, seen } = hunted;
    const apart = lookAlikeWords(lookAlikes, toolOf(rule));
    const heading = [`${printable(rule.name)} (${printable(rule.id)})`, windowed.words, ''];
    if (options.evidence !== undefined) {
      const others = lookAlikes.map(({ deviceId, deviceName }) => ({
        id: deviceId,
        name: deviceName,
      }));
      const names = await readDeviceNames(asked);
      const device = findDevice(answer, options.evidence, names, others);
      const ids = reportIdsOf(answer, device.id);
      const evidence = await readEvidence(asked, windowed, device.id, ids, flagged);
      printNotes(notes, heading);
      printEvidence(device, evidence, options.format, notes);
      const ofDevice = lookAlikes.filter(({ deviceId }) => deviceId === device.id);
      printNotes(notes, withGap(lookAlikeWords(ofDevice, toolOf(rule))));
      return;
    }
    const isEmpty = answer.rows.length === 0;
    printNotes(notes, heading);
    if (!isEmpty || options.format !== 'table') printResult(result, options.format);

    const reporting = await readReporting(asked, windowed.window);
    const names = await readDeviceNames(asked);
    const elsewhen = elsewhenWords(seenElsewhen(answer, seen));
    if (isEmpty) {
      const why = await explainEmpty(asked, windowed);
      printNotes(notes, [
        'No device matches.',
        ...apart,
        ...reportingWords(reporting, names),
        ...why,
        ...elsewhen,
      ]);
    } else {
      const approved = approvalWords(flagged);
      printNotes(notes, [
        ...['', ...apart, ...approved],
        ...[...gaps(reporting, names), ...elsewhen, NOT_COMPARABLE],
      ]);
    }
  });
}

/** How many of the files behind the answer somebody answers for. */
function approvalWords(flagged: readonly JudgedFinding[]): readonly string[] {
  if (flagged.length === 0) return [];
  const approved = flagged.filter(({ judgement }) => judgement.state === 'approved').length;
  const rest = approved === flagged.length ? '' : '; --evidence DEVICE says why the others are not';
  return [`Approved: ${approved} of ${counted(flagged.length, 'file')}${rest}.`];
}

function withGap(words: readonly string[]): readonly string[] {
  return words.length === 0 ? [] : ['', ...words];
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
