import type { DigestAlgorithm } from '../authenticode/signature-report.ts';
import { OID } from '../der/oids.ts';

/**
 * The digest that an object identifier stands for; undefined where we know none.
 *
 * Some signers put the identifier of a signature here (`sha1WithRSAEncryption` as digestAlgorithm): its digest is meant.
 */
export function digestAlgorithmOf(oid: string): DigestAlgorithm | undefined {
  return digests.get(oid);
}

const digests = new Map<string, DigestAlgorithm>([
  [OID.md5, 'md5'],
  [OID.sha1, 'sha1'],
  [OID.sha256, 'sha256'],
  [OID.sha384, 'sha384'],
  [OID.sha512, 'sha512'],
  [OID.md5WithRsa, 'md5'],
  [OID.sha1WithRsa, 'sha1'],
  [OID.oiwSha1WithRsa, 'sha1'],
  [OID.sha256WithRsa, 'sha256'],
  [OID.sha384WithRsa, 'sha384'],
  [OID.sha512WithRsa, 'sha512'],
  [OID.ecdsaWithSha1, 'sha1'],
  [OID.ecdsaWithSha256, 'sha256'],
  [OID.ecdsaWithSha384, 'sha384'],
  [OID.ecdsaWithSha512, 'sha512'],
  [OID.dsaWithSha1, 'sha1'],
  [OID.dsaWithSha256, 'sha256'],
]);
