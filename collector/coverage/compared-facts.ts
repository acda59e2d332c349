import type { CellValue } from '../../parsers/kql/plan.ts';
import { formatDatetime } from '../../parsers/record/datetime.ts';

/**
 * What both sides say of one signature, in the order of reports. Hex is compared without regard to case, times to the second:
 * certificates have no fractions, and exports write up to seven digits.
 */
export const COMPARED_FIELDS = [
  { name: 'IsSigned', kind: 'bool' },
  { name: 'SignatureType', kind: 'text' },
  { name: 'Signer', kind: 'text' },
  { name: 'SignerHash', kind: 'hex' },
  { name: 'Issuer', kind: 'text' },
  { name: 'CertificateSerialNumber', kind: 'hex' },
  { name: 'CertificateCreationTime', kind: 'time' },
  { name: 'CertificateExpirationTime', kind: 'time' },
  { name: 'CertificateCountersignatureTime', kind: 'time' },
  { name: 'IsTrusted', kind: 'bool' },
] as const;

/** How many of them are the certificate's, the same for thousands of files: those before the two of the file's own. */
export const CERTIFICATE_FIELDS = 8;

export type ComparedField = (typeof COMPARED_FIELDS)[number]['name'];

/** Values as texts in the order of COMPARED_FIELDS: hex in lower case, `true`, ISO 8601; null where a side says nothing. */
export type Facts = readonly (string | null)[];

const placeOf = new Map<string, number>(COMPARED_FIELDS.map(({ name }, index) => [name, index]));

export function factOf(facts: Facts, name: ComparedField): string | null {
  return facts[placeOf.get(name) ?? -1] ?? null;
}

/** A text that is the same for the same cells. Cheap: it is made for every row. */
export function cellsKey(cells: readonly CellValue[]): string {
  let key = '';
  for (const cell of cells) key += `${cell ?? ''}\0`;
  return key;
}

/** Cells in the order of COMPARED_FIELDS, or the first of them. An empty text says nothing: Kusto has no null string. */
export function toFacts(cells: readonly CellValue[]): Facts {
  return cells.map((cell, index) => {
    const kind = COMPARED_FIELDS[index]?.kind;
    if (cell === null || cell === '') return null;
    if (kind === 'time') return typeof cell === 'bigint' ? formatDatetime(cell) : null;
    return kind === 'hex' ? String(cell).toLowerCase() : String(cell);
  });
}

/** One second in milliseconds. */
const SECOND = 1000;

/** Whether two values of a field are one. A side that says nothing does not disagree. */
export function isSame(field: number, one: string | null, other: string | null): boolean {
  if (one === null || other === null || one === other) return true;
  if (COMPARED_FIELDS[field]?.kind !== 'time') return false;
  return Math.abs(Date.parse(one) - Date.parse(other)) < SECOND;
}
