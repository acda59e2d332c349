import { formatDatetime } from '../../parsers/record/datetime.ts';
import type { TimeWindow } from '../hunt/time-ranges.ts';

/** 100 ns ticks: what is asked for first, since a longer time mostly has more rows than one answer. */
const FIRST = 864_000_000_000n;
/** Halvings of a day: 16 of them leave 1.3 seconds. */
const MOST_HALVINGS = 16;

/** A part of the window that was asked for. Parts touch and do not overlap: no row is in two. */
export interface TimePiece extends TimeWindow {
  readonly halvings: number;
}

/** The days of a window, the first first. */
export function* dayPieces({ from, to }: TimeWindow): Generator<TimePiece> {
  for (let start = from; start <= to; start += FIRST) {
    const end = start + FIRST - 1n;
    yield { from: start, to: end < to ? end : to, halvings: 0 };
  }
}

/** Both halves; undefined where it was halved often enough. */
export function halve({ from, to, halvings }: TimePiece): [TimePiece, TimePiece] | undefined {
  if (halvings === MOST_HALVINGS || from === to) return undefined;
  const middle = from + (to - from) / 2n;
  return [
    { from, to: middle, halvings: halvings + 1 },
    { from: middle + 1n, to, halvings: halvings + 1 },
  ];
}

export function pieceText({ from, to }: TimeWindow): string {
  return `${formatDatetime(from)} to ${formatDatetime(to)}`;
}
