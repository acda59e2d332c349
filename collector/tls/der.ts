/** A writer for the few DER types of a certificate. Source: X.690 §8 and §10. */

/** Tag, length and content. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  return Buffer.concat([Uint8Array.of(tag), lengthOf(content.length), content]);
}

/** Definite, in as few bytes as it takes. Source: X.690 §10.1. */
function lengthOf(size: number): Uint8Array {
  if (size < 0x80) return Uint8Array.of(size);
  if (size < 0x100) return Uint8Array.of(0x81, size);
  return Uint8Array.of(0x82, size >> 8, size & 0xff); // nothing here is larger than a certificate
}

export function sequence(...parts: readonly Uint8Array[]): Uint8Array {
  return der(0x30, ...parts);
}

/** `bytes` as an unsigned INTEGER. */
export function integer(bytes: Uint8Array): Uint8Array {
  const needsSign = ((bytes[0] ?? 0) & 0x80) !== 0;
  return needsSign ? der(0x02, Uint8Array.of(0), bytes) : der(0x02, bytes);
}

/** `unused` counts the bits at the end that do not belong to it. */
export function bitString(bytes: Uint8Array, unused = 0): Uint8Array {
  return der(0x03, Uint8Array.of(unused), bytes);
}

export function octetString(content: Uint8Array): Uint8Array {
  return der(0x04, content);
}

export function utf8String(text: string): Uint8Array {
  return der(0x0c, Buffer.from(text, 'utf8'));
}

export const TRUE = der(0x01, Uint8Array.of(0xff));

/** Dotted text as an OBJECT IDENTIFIER. */
export function objectIdentifier(text: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return der(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(arc: number): number[] {
  const septets = [arc & 0x7f];
  for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
    septets.unshift((left & 0x7f) | 0x80);
  return septets;
}

/** UTCTime up to 2049, GeneralizedTime after it; whole seconds. Source: RFC 5280 §4.1.2.5. */
export function time(date: Date): Uint8Array {
  const digits = date.toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
  return date.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(digits.slice(2), 'latin1'))
    : der(0x18, Buffer.from(digits, 'latin1'));
}
