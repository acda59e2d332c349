/**
 * `name` as Windows compares names of keys and files: each UTF-16 unit to its upper case, where that is one unit.
 *
 * Unlike toUpperCase it never turns two characters into one name: `ß` stays itself, and neither `ſ` nor `ı` becomes an ASCII
 * letter. Source: [MS-UCODEREF] §3.1.5.3, "ToUpperCase".
 */
export function foldName(name: string): string {
  return /^[\x20-\x7e]*$/.test(name) ? name.toUpperCase() : name.replace(/[^A-Z]/g, foldUnit);
}

function foldUnit(unit: string): string {
  const upper = unit.toUpperCase();
  const staysInAscii = unit < '\x80' || upper >= '\x80';
  return upper.length === 1 && staysInAscii ? upper : unit;
}
