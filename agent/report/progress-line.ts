import type { WriteStream } from 'node:tty';
import type { SweepTally } from './sweep-tally.ts';

const REFRESH_MS = 250;
const CLEAR_LINE = '\r\u001b[K';

/** One line on a terminal that is written over until the scan ends. Returns the function that takes it away. */
export function showProgress(stream: WriteStream, tally: SweepTally, startMs: number): () => void {
  const timer = setInterval(() => {
    const seconds = (Date.now() - startMs) / 1000;
    const text = progressText(tally, seconds).slice(0, Math.max(0, stream.columns - 1));
    stream.write(CLEAR_LINE + text);
  }, REFRESH_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    stream.write(CLEAR_LINE);
  };
}

export function progressText(tally: SweepTally, seconds: number): string {
  const rate = Math.round(tally.files / Math.max(seconds, 0.001));
  const megabytes = Math.round(tally.bytes / 1e6 / Math.max(seconds, 0.001));
  return (
    `${tally.files} files (${rate}/s), ${tally.images} images (${megabytes} MB/s), ` +
    `${tally.flagged} flagged, ${tally.unseen} not read`
  );
}
