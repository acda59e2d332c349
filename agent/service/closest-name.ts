/** Names are short; what is longer is no slip of the finger. */
const LONGEST = 64;

/** The one of `names` that `given` was most likely meant to be: at most two letters off, or a third of it. */
export function closestName(given: string, names: readonly string[]): string | undefined {
  if (given.length > LONGEST) return undefined;
  const tolerance = Math.max(2, Math.floor(given.length / 3));
  let best: string | undefined;
  let fewest = tolerance + 1;
  for (const name of names) {
    const edits = editDistance(given.toLowerCase(), name);
    if (edits >= fewest) continue;
    best = name;
    fewest = edits;
  }
  return best;
}

/** Letters to add, take away or change. Source: Wagner and Fischer, "The String-to-String Correction Problem" (1974). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
