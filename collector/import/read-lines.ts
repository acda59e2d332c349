const NEWLINE = 0x0a;

/** One line without its newline, or a line that was longer than allowed and whose bytes were not kept. */
export type Line =
  | { readonly kind: 'line'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-long' };

/** The lines of a stream, never holding more than one chunk and `maxBytes` of a line. */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Line> {
  let kept: Uint8Array[] = [];
  let size = 0;
  const keep = (bytes: Uint8Array) => {
    size += bytes.length;
    if (size > maxBytes) kept = [];
    else kept.push(bytes);
  };
  const take = (): Line => {
    const line: Line =
      size > maxBytes ? { kind: 'too-long' } : { kind: 'line', bytes: Buffer.concat(kept) };
    kept = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end === -1) break;
      keep(chunk.subarray(start, end));
      start = end + 1;
      yield take();
    }
    keep(chunk.subarray(start));
  }
  if (size > 0) yield take();
}
