import { cloneTree, type DerNode, encodeTree, parseTree, placesIn } from './der-tree.ts';

/** One change to a tree; the numbers are taken modulo what there is to choose from. */
export interface DerEdit {
  readonly how: number;
  readonly place: number;
  readonly other: number;
  readonly amount: number;
  readonly bytes: Uint8Array;
}

/** Copies of copies would grow without end. */
const MAX_PLACES = 4000;
const MAX_BYTES = 512 * 1024;

const TAGS = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1c];
const MORE_TAGS = [0x1e, 0x1f, 0x24, 0x30, 0x31, 0x80, 0x81, 0x82, 0xa0, 0xa1, 0xa2, 0xa3, 0xff];
const ALL_TAGS = [...TAGS, ...MORE_TAGS];

/** Lengths that lie: 0, indefinite, 4 GiB, five octets, and one not minimal. */
const LENGTHS = ['00', '7f', '80', '84ffffffff', '850000000001', '8400000000', 'ff'];

const text = (value: string) => Buffer.from(value, 'latin1');
const CONTENTS = [
  Buffer.alloc(0),
  Buffer.of(0),
  Buffer.of(0x80),
  Buffer.alloc(21, 0xff),
  Buffer.alloc(300, 0x7f),
  text('991231235959Z'),
  text('500101000000Z'),
  text('99991231235959Z'),
  text('20260229000000.9999999Z'),
  text('19700101000000+2500'),
  Buffer.of(0xd8, 0x00, 0xd8, 0x00),
  Buffer.of(0xc3, 0x28, 0xf0, 0x9f),
  Buffer.alloc(16, 0x80),
];

/** A signature with the edits made, all lengths right but where an edit is about lengths. */
export function mutateDer(bytes: Uint8Array, edits: readonly DerEdit[]): Uint8Array {
  const original = treeOf(bytes);
  const tree = cloneTree(original);
  for (const edit of edits) {
    const places = placesIn(tree);
    if (places.length === 0 || places.length > MAX_PLACES) break;
    const { list, index } = places[edit.place % places.length] ?? { list: tree, index: 0 };
    const other = places[edit.other % places.length] ?? { list: tree, index: 0 };
    applyEdit(edit, list, index, other.list[other.index]);
    if (encodeTree(tree).length > MAX_BYTES) break;
  }
  return new Uint8Array(encodeTree(tree));
}

const trees = new WeakMap<Uint8Array, DerNode[]>();

function treeOf(bytes: Uint8Array): DerNode[] {
  const known = trees.get(bytes);
  if (known) return known;
  const size = 4 + bytes.subarray(2, 4).reduce((sum, octet) => sum * 256 + octet, 0);
  const tree = parseTree(bytes.subarray(0, size)); // padding may follow the PKCS#7
  if (tree === undefined) throw new Error('an input that is no DER');
  trees.set(bytes, tree);
  return tree;
}

function applyEdit(edit: DerEdit, list: DerNode[], index: number, other: DerNode | undefined) {
  const node = list[index];
  if (node === undefined || other === undefined) return;
  const [copy] = cloneTree([other]);
  if (copy === undefined) return;
  const edits: (() => void)[] = [
    () => Object.assign(node, { tag: pick(ALL_TAGS, edit.amount) }),
    () => Object.assign(node, { children: undefined, content: pick(CONTENTS, edit.amount) }),
    () => Object.assign(node, { children: undefined, content: edit.bytes }),
    () => Object.assign(node, { length: Buffer.from(pick(LENGTHS, edit.amount), 'hex') }),
    () => list.splice(index, 1),
    () => list.splice(index, 0, ...repeated(node, 1 + (edit.amount % 40))),
    () => list.splice(index, 1, copy),
    () => list.splice(index, 0, copy),
    () => node.children?.push(copy),
    () => list.splice(index, 1, wrapped(node, 1 + (edit.amount % 90))),
    () => node.children?.reverse(),
    () => flipBit(node, edit.other),
  ];
  pick(edits, edit.how)();
}

function repeated(node: DerNode, count: number): DerNode[] {
  return Array.from({ length: count }, () => cloneTree([node])).flat();
}

function wrapped(node: DerNode, levels: number): DerNode {
  let outer = node;
  for (let level = 0; level < levels; level++)
    outer = { tag: 0x30, children: [outer], content: new Uint8Array(), length: undefined };
  return outer;
}

function flipBit(node: DerNode, bit: number): void {
  if (node.children !== undefined || node.content.length === 0) return;
  const content = Uint8Array.from(node.content);
  const at = Math.floor(bit / 8) % content.length;
  content[at] = (content[at] ?? 0) ^ (1 << (bit % 8));
  node.content = content;
}

function pick<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('nothing to choose from');
  return item;
}
