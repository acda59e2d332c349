import type { ByteRange } from '../../parsers/bytes/byte-reader.ts';
import { type FileSource, memorySource } from '../../parsers/bytes/file-source.ts';
import { DerReader } from '../../parsers/der/der-reader.ts';

/** What reading one input took. */
export interface Effort {
  /** DER elements. */
  nodes: number;
  /** Bytes that the parsers asked the file for: that many an agent allocates. */
  bytesRead: number;
  reads: number;
}

/** More than this is an attack that works. In two million executions the worst had 0.12 elements and 2.1 bytes read a byte. */
const MOST = { nodesPerByte: 1, bytesPerByte: 16, readsPerByte: 1 };
/** For the smallest inputs. */
const ALLOWANCE = { nodes: 1000, bytes: 256 * 1024, reads: 1000 };

let current: Effort = { nodes: 0, bytesRead: 0, reads: 0 };

/** Counts what `read` does. Not nested, and one at a time: the DER reader itself is counted in. */
export function measureEffort(bytes: Uint8Array, read: (source: FileSource) => void): Effort {
  const effort = { nodes: 0, bytesRead: 0, reads: 0 };
  current = effort;
  const source = memorySource(bytes);
  read({
    size: source.size,
    read: (range: ByteRange) => {
      effort.reads += 1;
      effort.bytesRead += Math.min(range.size, source.size);
      return source.read(range);
    },
  });
  return effort;
}

/** What is too much for an input of `size` bytes; undefined where all is well. */
export function excess({ nodes, bytesRead, reads }: Effort, size: number): string | undefined {
  if (nodes > MOST.nodesPerByte * size + ALLOWANCE.nodes) return `${nodes} DER elements read`;
  if (bytesRead > MOST.bytesPerByte * size + ALLOWANCE.bytes) return `${bytesRead} bytes read`;
  if (reads > MOST.readsPerByte * size + ALLOWANCE.reads) return `${reads} reads`;
  return undefined;
}

/** Counts every element that any DER reader of this thread gives. To be called once, before the first reading. */
export function countDerElements(): void {
  const next = DerReader.prototype.next;
  DerReader.prototype.next = function counted(this: DerReader) {
    current.nodes += 1;
    return next.call(this);
  };
}
