import type { Region } from './structure-regions.ts';

/** One field set to another value; the numbers are taken modulo what there is to choose from. */
export interface FieldEdit {
  readonly region: number;
  readonly field: number;
  readonly how: number;
  readonly value: number;
}

const POWERS = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000];
const LARGE = [0x7fffffff, 0x80000000, 0xfffffff8, 0xfffffffc, 0xfffffffd, 0xfffffffe, 0xffffffff];
const EXTREMES = [...POWERS, ...LARGE];

/** A copy of `bytes` with fields of its structure changed. */
export function mutateFields(
  bytes: Uint8Array,
  regions: readonly Region[],
  edits: readonly FieldEdit[],
): Uint8Array {
  const copy = Buffer.from(bytes);
  for (const edit of edits) {
    const region = regions[edit.region % regions.length];
    if (region === undefined) break;
    const { width } = region;
    const at = region.offset + (edit.field % Math.floor(region.size / width)) * width;
    const value = newValue(edit, copy.readUIntLE(at, width), copy, regions);
    copy.writeUIntLE(((value % 2 ** 32) + 2 ** 32) % 2 ** (8 * width), at, width);
  }
  return new Uint8Array(copy);
}

function newValue(
  { how, value }: FieldEdit,
  before: number,
  bytes: Buffer,
  regions: readonly Region[],
): number {
  const choices = [
    () => EXTREMES[value % EXTREMES.length] ?? 0,
    () => bytes.length + (value % 5) - 2,
    () => before + (value % 17) - 8,
    () => before ^ (1 << (value % 31)),
    () => before * 2,
    () => value % bytes.length, // an offset within the file
    () => value,
    () => otherField(value, bytes, regions),
  ];
  return choices[how % choices.length]?.() ?? 0;
}

/** A value that stands elsewhere in the structure: makes two things share a place, and loops. */
function otherField(value: number, bytes: Buffer, regions: readonly Region[]): number {
  const region = regions[value % regions.length];
  if (region === undefined) return 0;
  const fields = Math.floor(region.size / region.width);
  return bytes.readUIntLE(region.offset + (value % fields) * region.width, region.width);
}
