/** Where a value stands: keys and indexes from the top, as ['approvals', 0, 'paths', 1]. */
export type Place = readonly (string | number)[];

/** A value of an approval that cannot be taken. Whoever reads the text adds file and line. */
export class ApprovalError extends Error {
  override readonly name = 'ApprovalError';
  readonly place: Place;

  constructor(place: Place, message: string) {
    super(message);
    this.place = place;
  }
}

/** The place as people write it: `approvals[0].paths[1]`. */
export function placeWords(place: Place): string {
  return place
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${part}`,
    )
    .join('');
}

/** Entries of one list. */
const MOST_ENTRIES = 200;
/** Characters of one text. */
const MOST_TEXT = 1_000;

/** Typed access to the members of one mapping. A name that is not known is a slip, and would lose a condition: an error. */
export class Fields {
  readonly place: Place;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(value: unknown, place: Place, known: readonly string[]) {
    this.place = place;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new ApprovalError(place, `a mapping with ${known.join(', ')} is expected here`);
    this.#values = value as Readonly<Record<string, unknown>>;
    const strange = Object.keys(value).find((name) => !known.includes(name));
    if (strange !== undefined)
      throw new ApprovalError([...place, strange], `is not known: ${known.join(', ')} are`);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#values, name);
  }

  /** What stands there, whatever it is. */
  value(name: string): unknown {
    return this.has(name) ? this.#values[name] : undefined;
  }

  text(name: string): string {
    return textAt(this.value(name), [...this.place, name]);
  }

  /** Texts, none of them empty or twice; empty where the list is absent. */
  texts(name: string): readonly string[] {
    const place = [...this.place, name];
    const seen = new Set<string>();
    for (const [index, value] of this.list(name).entries()) {
      const text = textAt(value, [...place, index]);
      if (seen.has(text)) throw new ApprovalError([...place, index], 'stands here twice');
      seen.add(text);
    }
    return [...seen];
  }

  list(name: string): readonly unknown[] {
    const value = this.value(name);
    const place = [...this.place, name];
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw new ApprovalError(place, 'a list is expected here');
    if (value.length > MOST_ENTRIES)
      throw new ApprovalError(place, `has more than ${MOST_ENTRIES} entries`);
    return value;
  }
}

function textAt(value: unknown, place: Place): string {
  if (value === undefined || value === null) throw new ApprovalError(place, 'is missing');
  if (typeof value !== 'string') throw new ApprovalError(place, 'a text is expected here');
  const text = value.trim();
  if (text === '') throw new ApprovalError(place, 'is empty');
  if (text.length > MOST_TEXT)
    throw new ApprovalError(place, `is longer than ${MOST_TEXT} characters`);
  return text;
}
