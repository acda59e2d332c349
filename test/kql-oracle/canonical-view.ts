import type { CellValue } from '../../parsers/kql/plan.ts';
import { canonicalColumns } from '../../parsers/record/columns.ts';

/** One row by column name; a column that is not there is null. */
export type Row = Readonly<Record<string, CellValue>>;

/**
 * DeviceFileCertificateInfo as derived from AgentFileCertificateInfo: signed rows, and of the signatures of one file by
 * one Signer only the one with the lowest SignatureIndex. One file is one DeviceId, Timestamp, FolderPath, FileName and
 * SHA1. Slow and obvious on purpose.
 */
export function canonicalView(agentRows: readonly Row[]): Row[] {
  const signed = agentRows.filter((row) => row.IsSigned === true);
  return signed
    .filter((row) => !signed.some((other) => isSameSighting(row, other) && comesFirst(other, row)))
    .map(toCanonical);
}

const FILE_KEYS = ['DeviceId', 'Timestamp', 'FolderPath', 'FileName', 'SHA1'] as const;

function isSameSighting(one: Row, other: Row): boolean {
  return [...FILE_KEYS, 'Signer'].every((key) => (one[key] ?? '') === (other[key] ?? ''));
}

function comesFirst(one: Row, other: Row): boolean {
  return one !== other && Number(one.SignatureIndex ?? 0) < Number(other.SignatureIndex ?? 0);
}

function toCanonical(row: Row): Row {
  const names = Object.keys(canonicalColumns);
  const canonical = names.map((name): [string, CellValue] => [name, row[name] ?? null]);
  return { ...Object.fromEntries(canonical), TimeGenerated: row.Timestamp ?? null };
}
