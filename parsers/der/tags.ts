/** Identifier octets of the universal types that signatures use. Source: X.680 §8.6, X.690 §8.1.2. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  t61String: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The identifier octet of context-specific tag [number], constructed. */
export function contextTag(number: number): number {
  return 0xa0 + number;
}

/** The identifier octet of context-specific tag [number] around a primitive type. */
export function primitiveContextTag(number: number): number {
  return 0x80 + number;
}

const names = new Map<number, string>(Object.entries(TAG).map(([name, tag]) => [tag, name]));

/** `sequence`, `[0]`, or the octet in hex: for messages. */
export function tagName(tag: number): string {
  if ((tag & 0xc0) === 0x80) return `[${tag & 0x1f}]`;
  return names.get(tag) ?? `tag 0x${tag.toString(16).padStart(2, '0')}`;
}
