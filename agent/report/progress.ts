import { terminalWidth } from './display-width.ts';
import type { SweepTally } from './sweep-tally.ts';

const REFRESH_MS = 250;
/** In a log one line now and then is enough to see that it lives. */
const LOG_MS = 30_000;
const CLEAR_LINE = '\r\u001b[K';

/** How far the sweep is, on standard error until it ends. */
export interface Progress {
  /** Makes room for what is about to be written to the same terminal. */
  hide(): void;
  end(): void;
}

/**
 * On a terminal one line that is written over; elsewhere a line every 30 seconds. `expectedEntries` is how many entries there
 * will be, where something says so: without it there is no time to go.
 */
export function showProgress(
  tally: SweepTally,
  startMs: number,
  expectedEntries?: number,
): Progress {
  const { stderr } = process;
  let isShown = false;
  const hide = () => {
    if (isShown) stderr.write(CLEAR_LINE);
    isShown = false;
  };
  const show = () => {
    const text = progressText(tally, (Date.now() - startMs) / 1000, expectedEntries);
    if (!stderr.isTTY) {
      stderr.write(`certsweep: ${text}\n`);
      return;
    }
    stderr.write(CLEAR_LINE + text.slice(0, terminalWidth(stderr) - 1));
    isShown = true;
  };
  const timer = setInterval(show, stderr.isTTY ? REFRESH_MS : LOG_MS);
  timer.unref();
  return {
    hide,
    end() {
      clearInterval(timer);
      hide();
    },
  };
}

/** What matters most comes first: a narrow terminal cuts the end off. */
export function progressText(tally: SweepTally, seconds: number, expectedEntries?: number): string {
  const rate = Math.round(tally.files / Math.max(seconds, 0.001));
  const megabytes = Math.round(tally.bytes / 1e6 / Math.max(seconds, 0.001));
  const toGo = timeToGo(tally.entries, seconds, expectedEntries);
  return (
    `${tally.files} files (${rate}/s)${toGo}, ${tally.flagged} flagged, ${tally.unseen} not read, ` +
    `${tally.images} images (${megabytes} MB/s)`
  );
}

/** Seconds before which a rate says nothing. */
const EARLIEST = 5;

/** Nothing where nobody knows, also when there turn out to be more entries than expected. */
function timeToGo(entries: number, seconds: number, expected: number | undefined): string {
  if (expected === undefined || seconds < EARLIEST || entries === 0 || entries >= expected)
    return '';
  const left = Math.ceil((seconds * (expected - entries)) / entries);
  const percent = Math.floor((100 * entries) / expected);
  return `, ${percent} %, about ${left < 90 ? `${left} s` : `${Math.round(left / 60)} min`} left`;
}
