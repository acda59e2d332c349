import { ExportError } from '../../parsers/exports/export-error.ts';
import type { ExportCounts, ExportItem } from '../../parsers/exports/export-row.ts';
import { readExportBatches } from '../../parsers/exports/read-export.ts';
import { outgoingDispatcher } from '../http/outgoing-dispatcher.ts';
import type { TimeWindow } from '../hunt/time-ranges.ts';
import type { AnswerFile } from './answer-file.ts';
import { type Asking, askWindow, LIVE_PATIENCE, type LivePatience } from './ask-window.ts';
import type { LiveService } from './live-service.ts';
import { dayPieces, halve, pieceText, type TimePiece } from './time-pieces.ts';

export interface LiveOptions {
  /** Asked before each request. */
  token(): string;
  /** Progress, a line at a time. */
  tell(line: string): void;
  readonly patience?: LivePatience;
  /** PEM of a further authority. */
  readonly ca?: string;
}

/** Milliseconds: a query may run for 10 minutes before the head of its answer comes. */
const HEADERS_TIMEOUT = 11 * 60_000;
const BODY_TIMEOUT = 2 * 60_000;

/**
 * The rows of DeviceFileCertificateInfo that a service has of a window, as readExportBatches() gives those of a file: the
 * format first, places count on from answer to answer, the counts last.
 *
 * It is asked day by day, the first day first. A time with more rows than one answer may have is halved, and none of the rows
 * of a cut answer counts. Throws ExportError where the service refuses or has no answer in time, and where a second has more
 * rows than an answer: what was yielded before counts.
 */
export async function* readLive(
  service: LiveService,
  window: TimeWindow,
  options: LiveOptions,
): AsyncGenerator<readonly ExportItem[]> {
  const { token, tell, patience = LIVE_PATIENCE, ca } = options;
  const dispatcher = outgoingDispatcher({
    url: service.url,
    ca,
    owner: service.name,
    headersTimeout: HEADERS_TIMEOUT,
    bodyTimeout: BODY_TIMEOUT,
  });
  const deadline = Date.now() + patience.totalMs;
  const asking: Asking = { service, dispatcher, patience, deadline, token, tell };
  const total = new Total();
  try {
    yield [{ kind: 'format', format: service.format }];
    for (const day of dayPieces(window))
      for await (const { file, rows } of wholeAnswers(asking, day)) {
        try {
          yield* total.items(service, file);
        } finally {
          file.close();
        }
        tell(`${pieceText(day)}: ${rows} rows, ${total.places} in all`);
      }
    yield [{ kind: 'end', counts: total.counts() }];
  } finally {
    await dispatcher.destroy();
  }
}

/** The answers of a day, each whole: one, or those of its parts. */
async function* wholeAnswers(
  asking: Asking,
  day: TimePiece,
): AsyncGenerator<{ file: AnswerFile; rows: number }> {
  const open = [day];
  for (let piece = open.pop(); piece; piece = open.pop()) {
    const outcome = await askWindow(asking, piece);
    if (outcome.kind === 'whole') {
      yield outcome;
      continue;
    }
    const halves = outcome.kind === 'too-large' ? halve(piece) : undefined;
    if (!halves) {
      const code = outcome.kind === 'too-large' ? 'partial-result' : 'service-error';
      throw new ExportError(code, asking.service.name, pieceText(piece), outcome.reason);
    }
    asking.tell(`${pieceText(piece)}: asked for in halves: ${outcome.reason}`);
    open.push(halves[1], halves[0]);
  }
}

/** Counts over all answers. */
class Total {
  places = 0;
  #rows = 0;
  #bad = 0;
  #otherRows = 0;
  readonly #dropped = new Map<string, number>();

  /** The rows of one answer, with their places in the whole. */
  async *items({ format }: LiveService, file: AnswerFile): AsyncGenerator<readonly ExportItem[]> {
    const before = this.places;
    const batches = readExportBatches(file.chunks(), { name: 'the answer', format });
    for await (const items of batches) {
      const moved: ExportItem[] = [];
      for (const item of items) {
        if (item.kind === 'row') moved.push({ ...item, place: before + item.place });
        else if (item.kind === 'bad') {
          const { problem } = item;
          moved.push({ kind: 'bad', problem: { ...problem, place: before + problem.place } });
        } else if (item.kind === 'end') this.#add(item.counts);
      }
      this.places += moved.length;
      if (moved.length > 0) yield moved;
    }
  }

  #add({ rows, bad, otherRows, droppedColumns }: ExportCounts): void {
    this.#rows += rows;
    this.#bad += bad;
    this.#otherRows += otherRows;
    // Each answer counts a hundred names at most, and asks for the same columns as every other.
    for (const [name, count] of droppedColumns)
      this.#dropped.set(name, (this.#dropped.get(name) ?? 0) + count);
  }

  counts(): ExportCounts {
    return {
      rows: this.#rows,
      bad: this.#bad,
      otherRows: this.#otherRows,
      droppedColumns: this.#dropped,
    };
  }
}
