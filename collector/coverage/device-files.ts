import { type Facts, factOf } from './compared-facts.ts';
import type { Scratch, Sighting } from './scratch.ts';
import type { Side, SideDevice } from './side.ts';

/** One file of one side of a device. Times are milliseconds since 1970. */
export interface SideFile {
  readonly sha1: string;
  readonly kind: string;
  readonly first: number;
  /** It was seen in the common window, and not only before or after. */
  readonly isInWindow: boolean;
  /** Every different set of facts. */
  readonly facts: readonly Facts[];
  /** Some facts say so; an export that does not say is of signed files. */
  readonly isSigned: boolean;
}

/** A file of either side, with what each has of it. */
export interface ComparedFile {
  readonly sha1: string;
  readonly agent: SideFile | undefined;
  readonly exported: SideFile | undefined;
}

/** The files of a device, in the order of SHA1, each with both sides; a side that is undefined has none. */
export function* filesOf(
  scratch: Scratch,
  agent: SideDevice | undefined,
  exported: SideDevice | undefined,
): Generator<ComparedFile> {
  const agents = sideFiles(scratch, 'agent', agent);
  const exports = sideFiles(scratch, 'export', exported);
  let one = agents.next();
  let other = exports.next();
  while (!one.done || !other.done) {
    const left = one.done ? undefined : one.value;
    const right = other.done ? undefined : other.value;
    const takesLeft = left !== undefined && (right === undefined || left.sha1 <= right.sha1);
    const takesRight = right !== undefined && (left === undefined || right.sha1 <= left.sha1);
    yield {
      sha1: (takesLeft ? left : right)?.sha1 ?? '',
      agent: takesLeft ? left : undefined,
      exported: takesRight ? right : undefined,
    };
    if (takesLeft) one = agents.next();
    if (takesRight) other = exports.next();
  }
}

/** Sets of facts of one file that are compared; whoever writes more of them has enough differences. */
const MOST_FACTS = 64;

function* sideFiles(
  scratch: Scratch,
  side: Side,
  device: SideDevice | undefined,
): Generator<SideFile> {
  if (!device) return;
  let group: Sighting[] = [];
  for (const sighting of scratch.sightings(side, device.index)) {
    if (group[0] && group[0].sha1 !== sighting.sha1) {
      yield toFile(scratch, group);
      group = [];
    }
    group.push(sighting);
  }
  if (group.length > 0) yield toFile(scratch, group);
}

function toFile(scratch: Scratch, group: readonly Sighting[]): SideFile {
  const facts = group.slice(0, MOST_FACTS).map((each) => scratch.factsOf(each));
  return {
    sha1: group[0]?.sha1 ?? '',
    kind: group[0]?.kind ?? '',
    first: least(group.map(({ first }) => first)),
    isInWindow: group.some(({ isInWindow }) => isInWindow === 1),
    facts,
    isSigned: facts.some((each) => factOf(each, 'IsSigned') !== 'false'),
  };
}

function least(numbers: readonly number[]): number {
  return numbers.reduce((one, other) => (one < other ? one : other));
}
