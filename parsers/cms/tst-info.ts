import { readDer } from '../der/der-reader.ts';
import { integerHex } from '../der/integer.ts';
import { readOid } from '../der/oid.ts';
import { TAG } from '../der/tags.ts';
import { decodeTime } from '../der/times.ts';
import { type AlgorithmIdentifier, readAlgorithmIdentifier } from './algorithm-identifier.ts';

/** What an RFC 3161 time stamping authority vouches for: this digest existed at this time. */
export interface TstInfo {
  readonly policy: string;
  readonly messageImprint: { readonly algorithm: AlgorithmIdentifier; readonly digest: Uint8Array };
  readonly serialNumber: string;
  /** ISO 8601, UTC. */
  readonly genTime: string;
}

/** Reads the content octets of the token's eContent, which stand at `fileOffset`. Source: RFC 3161 §2.4.2. */
export function parseTstInfo(bytes: Uint8Array, fileOffset: number): TstInfo {
  const fields = readDer(bytes, fileOffset).read(TAG.sequence, 'TSTInfo').children;
  fields.read(TAG.integer, 'TSTInfo.version');
  const policy = readOid(fields, 'TSTInfo.policy');
  const imprint = fields.read(TAG.sequence, 'TSTInfo.messageImprint').children;
  const algorithm = readAlgorithmIdentifier(imprint, 'MessageImprint.hashAlgorithm');
  const digest = imprint.read(TAG.octetString, 'MessageImprint.hashedMessage').content;
  const serialNumber = integerHex(fields.read(TAG.integer, 'TSTInfo.serialNumber'));
  const genTime = decodeTime(fields.read(TAG.generalizedTime, 'TSTInfo.genTime'));
  return { policy, messageImprint: { algorithm, digest }, serialNumber, genTime };
}
