import type { DerElement, DerReader } from '../der/der-reader.ts';
import { readOid } from '../der/oid.ts';
import { TAG } from '../der/tags.ts';

/** AlgorithmIdentifier: what is used, and the element with its parameters where there is one. */
export interface AlgorithmIdentifier {
  readonly algorithm: string;
  readonly parameters: DerElement | undefined;
}

/** Source: RFC 5280 §4.1.1.2. */
export function readAlgorithmIdentifier(reader: DerReader, what: string): AlgorithmIdentifier {
  const fields = reader.read(TAG.sequence, what).children;
  const algorithm = readOid(fields, `${what}.algorithm`);
  return { algorithm, parameters: fields.done ? undefined : fields.next() };
}
