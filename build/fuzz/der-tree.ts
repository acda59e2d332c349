/** One DER element of a signature that is taken apart and put together again with right lengths. */
export interface DerNode {
  tag: number;
  /** The elements inside; undefined where there are none, or octets that are none. */
  children: DerNode[] | undefined;
  /** The octets of an element without children. */
  content: Uint8Array;
  /** Written in the place of the length octets: a length that lies. */
  length: Uint8Array | undefined;
}

const CONSTRUCTED = 0x20;
const OCTET_STRING = 0x04;
const MAX_DEPTH = 60;

/** The elements of `bytes`; undefined where they are no DER. What an OCTET STRING holds is taken apart too. */
export function parseTree(bytes: Uint8Array, depth = 0): DerNode[] | undefined {
  const nodes: DerNode[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1];
    if (first === undefined || (tag & 0x1f) === 0x1f || first === 0x80 || first > 0x84)
      return undefined;
    const octets = first > 0x80 ? first - 0x80 : 0;
    let size = octets === 0 ? first : 0;
    for (let i = 0; i < octets; i++) size = size * 256 + (bytes[at + 2 + i] ?? 0);
    const start = at + 2 + octets;
    if (start + size > bytes.length) return undefined;
    nodes.push(nodeOf(tag, bytes.subarray(start, start + size), depth));
    at = start + size;
  }
  return nodes;
}

function nodeOf(tag: number, content: Uint8Array, depth: number): DerNode {
  const mayHold = (tag & CONSTRUCTED) !== 0 || (tag === OCTET_STRING && content[0] === 0x30);
  const children = mayHold && depth < MAX_DEPTH ? parseTree(content, depth + 1) : undefined;
  return { tag, children, content, length: undefined };
}

/** The tree as bytes. */
export function encodeTree(nodes: readonly DerNode[]): Buffer {
  return Buffer.concat(nodes.map(encode));
}

function encode({ tag, children, content, length }: DerNode): Buffer {
  const inner = children ? encodeTree(children) : content;
  return Buffer.concat([Buffer.of(tag & 0xff), length ?? encodeLength(inner.length), inner]);
}

function encodeLength(size: number): Buffer {
  if (size < 0x80) return Buffer.of(size);
  const octets = Buffer.alloc(4);
  octets.writeUInt32BE(size);
  const first = octets.findIndex((octet) => octet !== 0);
  return Buffer.concat([Buffer.of(0x80 + 4 - first), octets.subarray(first)]);
}

/** A copy that can be changed without changing `nodes`. */
export function cloneTree(nodes: readonly DerNode[]): DerNode[] {
  return nodes.map((node) => ({
    ...node,
    children: node.children ? cloneTree(node.children) : undefined,
  }));
}

/** Every list of siblings with every place in it, parents before children. */
export function placesIn(nodes: DerNode[]): { list: DerNode[]; index: number }[] {
  const places: { list: DerNode[]; index: number }[] = [];
  const pending = [nodes];
  for (let list = pending.pop(); list !== undefined; list = pending.pop())
    for (const [index, node] of list.entries()) {
      places.push({ list, index });
      if (node.children) pending.push(node.children);
    }
  return places;
}
