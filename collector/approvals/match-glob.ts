/**
 * Whether `items` fit `pattern`, where `isStar` elements of the pattern stand for any number of items, none included.
 *
 * Goes back to the last star only, which is enough for globs, so that the steps are at most the product of both lengths:
 * a pattern such as `*a*a*a*b` costs no more.
 */
function matchSequence<Part, Item>(
  pattern: readonly Part[],
  items: readonly Item[],
  isStar: (part: Part) => boolean,
  matches: (part: Part, item: Item) => boolean,
): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let next = 0;
  while (next < items.length) {
    const part = pattern[at];
    if (part !== undefined && isStar(part)) {
      star = at;
      resume = next;
      at += 1;
    } else if (part !== undefined && matches(part, items[next] as Item)) {
      at += 1;
      next += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      next = resume;
    } else return false;
  }
  return pattern.slice(at).every(isStar);
}

/** A glob over a text: `*` is any number of characters, `?` one; everything else is itself. Case counts: fold first. */
export function matchesGlob(glob: string, text: string): boolean {
  return matchSequence(
    Array.from(glob),
    Array.from(text),
    (part) => part === '*',
    (part, character) => part === '?' || part === character,
  );
}

/** A glob over the segments of a path: `**` is any number of them, and each other one a glob over its segment. */
export function matchesSegments(glob: readonly string[], path: readonly string[]): boolean {
  return matchSequence(glob, path, (part) => part === '**', matchesGlob);
}

/** Whether a glob says nothing: `*`, `*.*` and their kin fit every name. */
export function isCatchAll(glob: string): boolean {
  return !/[\p{L}\p{N}]/u.test(glob);
}
