import { ExportError } from './export-error.ts';

/** Bytes looked at for a byte order mark and NULs. */
const HEAD_BYTES = 4;

/**
 * The chunks as UTF-8 without a byte order mark. UTF-16 with a mark, which Excel and Windows PowerShell write, is converted.
 * UTF-16 without one, and whatever else begins with NULs, is refused.
 */
export async function* utf8Chunks(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  let convert: TextDecoder | undefined;
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (head) {
      bytes = joined(head, chunk);
      head = bytes.length < HEAD_BYTES ? bytes : undefined;
      if (head) continue;
      convert = utf16Decoder(bytes);
      bytes = convert ? bytes : checkedUtf8(bytes, name);
    }
    yield convert ? toUtf8(convert.decode(bytes, { stream: true })) : bytes;
  }
  if (head) {
    convert = utf16Decoder(head);
    yield convert ? toUtf8(convert.decode(head)) : checkedUtf8(head, name);
  } else if (convert) {
    yield toUtf8(convert.decode());
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}

/** Takes the mark off itself. A lone surrogate becomes U+FFFD, as which the readers refuse it. */
function utf16Decoder([first, second]: Uint8Array): TextDecoder | undefined {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  return undefined;
}

function checkedUtf8(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes.subarray(0, HEAD_BYTES).includes(0)) {
    const message = 'begins with NUL bytes: export it as text, UTF-8 or UTF-16 with a mark';
    throw new ExportError('not-text', name, 'byte 0', message);
  }
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return marked ? bytes.subarray(3) : bytes;
}

function toUtf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
