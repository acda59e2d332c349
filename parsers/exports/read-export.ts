import { CsvExport } from './csv-export.ts';
import { ExportError } from './export-error.ts';
import { EXPORT_FORMATS, type ExportItem, type ExportOptions } from './export-row.ts';
import { JsonExport } from './json-export.ts';
import { RowSink } from './row-sink.ts';
import { sniffFormat } from './sniff-format.ts';
import { utf8Chunks } from './text-chunks.ts';

/** Bytes from which the format is known. */
const HEAD_BYTES = 64 * 1024;
/** Bytes read at once, whatever the source gives: bounds the items that wait. */
const STEP_BYTES = 256 * 1024;

/**
 * Reads an export in one pass: the format, then each row or bad row in file order, the counts last. Memory does not grow with
 * the export. Throws ExportError where it, or the rest of it, cannot be read; what was yielded before counts.
 */
export async function* readExport(
  chunks: AsyncIterable<Uint8Array>,
  options: ExportOptions,
): AsyncGenerator<ExportItem> {
  for await (const items of readExportBatches(chunks, options)) yield* items;
}

/** As readExport(), in arrays of some hundreds: at a million rows a quarter of the time. */
export async function* readExportBatches(
  chunks: AsyncIterable<Uint8Array>,
  options: ExportOptions,
): AsyncGenerator<readonly ExportItem[]> {
  const sink = new RowSink();
  let head: Uint8Array[] = [];
  let size = 0;
  let reader: JsonExport | CsvExport | undefined;
  for await (const chunk of utf8Chunks(chunks, options.name)) {
    if (reader) {
      yield* readSteps(reader, chunk, sink);
      continue;
    }
    head.push(chunk);
    size += chunk.length;
    if (size < HEAD_BYTES) continue;
    reader = openReader(head, options, sink);
    for (const part of head) yield* readSteps(reader, part, sink);
    head = [];
  }
  if (!reader) {
    reader = openReader(head, options, sink);
    for (const part of head) yield* readSteps(reader, part, sink);
  }
  const last = reader;
  yield* read(sink, () => last.end());
  yield [{ kind: 'end', counts: sink.counts() }];
}

function* readSteps(reader: JsonExport | CsvExport, chunk: Uint8Array, sink: RowSink) {
  for (let at = 0; at < chunk.length; at += STEP_BYTES)
    yield* read(sink, () => reader.push(chunk.subarray(at, at + STEP_BYTES)));
}

/** What was read before an error is given out before the error is. */
function* read(sink: RowSink, work: () => void): Generator<readonly ExportItem[]> {
  let failure: ExportError | undefined;
  try {
    work();
  } catch (error) {
    if (!(error instanceof ExportError)) throw error;
    failure = error;
  }
  const { items } = sink;
  sink.items = [];
  if (items.length > 0) yield items;
  if (failure) throw failure;
}

function openReader(
  head: readonly Uint8Array[],
  options: ExportOptions,
  sink: RowSink,
): JsonExport | CsvExport {
  const decoder = new TextDecoder();
  const text = head
    .map((part) => decoder.decode(part.subarray(0, HEAD_BYTES), { stream: true }))
    .join('');
  if (text.trim() === '')
    throw new ExportError('empty', options.name, 'byte 0', 'the export is empty');
  const sniffed = sniffFormat(text, options.format);
  if (!sniffed) {
    const message = `neither JSON nor CSV of DeviceFileCertificateInfo as known here: name one of ${EXPORT_FORMATS.join(', ')}`;
    throw new ExportError('unknown-format', options.name, 'byte 0', message);
  }
  sink.items.push({ kind: 'format', format: sniffed.format });
  return sniffed.kind === 'json'
    ? new JsonExport(sniffed.format, sniffed.isLines, options.name, sink)
    : new CsvExport(sniffed.format, sniffed.delimiter, options, sink);
}
