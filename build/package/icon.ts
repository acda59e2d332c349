/** One picture of an icon: `bytes` as an RT_ICON resource holds it. */
export interface IconImage {
  /** Width and height in pixels. */
  readonly size: number;
  readonly bytes: Uint8Array;
}

type Point = readonly [number, number];

/** Blue, green, red, alpha. */
const BLUE = [0x9a, 0x4f, 0x1c, 0xff] as const;
const WHITE = [0xff, 0xff, 0xff, 0xff] as const;
const CLEAR = [0, 0, 0, 0] as const;

/** The tick, in parts of the width and height, and how far from its middle line a pixel belongs to it. */
const TICK: readonly Point[] = [
  [0.26, 0.53],
  [0.44, 0.71],
  [0.76, 0.31],
];
const STROKE = 0.075;
const CORNER = 0.2;

/** A white tick on a blue square with round corners, drawn here so that no picture has to be kept, in the sizes that Explorer shows. */
export function drawIcon(): IconImage[] {
  return [16, 32, 48].map((size) => ({ size, bytes: bitmap(size) }));
}

/** The RT_GROUP_ICON resource of `images`, whose ids count from 1. Source: Windows SDK, "GRPICONDIR", "GRPICONDIRENTRY". */
export function iconGroup(images: readonly IconImage[]): Uint8Array {
  const group = Buffer.alloc(6 + 14 * images.length);
  group.writeUInt16LE(1, 2); // an icon, not a cursor
  group.writeUInt16LE(images.length, 4);
  for (const [index, { size, bytes }] of images.entries()) {
    const at = 6 + 14 * index;
    group.writeUInt8(size, at);
    group.writeUInt8(size, at + 1);
    group.writeUInt16LE(1, at + 4); // planes
    group.writeUInt16LE(32, at + 6); // bits a pixel
    group.writeUInt32LE(bytes.length, at + 8);
    group.writeUInt16LE(index + 1, at + 12);
  }
  return group;
}

/** BITMAPINFOHEADER, the pixels from the lowest row up, and a mask that hides nothing: alpha does. Source: Windows SDK, "BITMAPINFOHEADER". */
function bitmap(size: number): Uint8Array {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40, 0);
  header.writeInt32LE(size, 4);
  header.writeInt32LE(size * 2, 8); // pixels and mask
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(32, 14);
  const pixels = Array.from({ length: size * size }, (_, index) => {
    const x = ((index % size) + 0.5) / size;
    const y = (size - Math.floor(index / size) - 0.5) / size;
    return colourAt([x, y]);
  }).flat();
  const maskRow = Math.ceil(size / 32) * 4;
  return Buffer.concat([header, Uint8Array.from(pixels), Buffer.alloc(maskRow * size)]);
}

function colourAt(point: Point): readonly number[] {
  const [a, b, c] = TICK as [Point, Point, Point];
  if (Math.min(distance(point, a, b), distance(point, b, c)) < STROKE) return WHITE;
  const [x, y] = point.map((part) => Math.max(CORNER - part, part - (1 - CORNER), 0)) as [
    number,
    number,
  ];
  return Math.hypot(x, y) <= CORNER ? BLUE : CLEAR;
}

/** From a point to the line between two others. */
function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}
