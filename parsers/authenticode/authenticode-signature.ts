import type { SignedData } from '../cms/signed-data.ts';
import type { SignerInfo } from '../cms/signer-info.ts';
import type { TstInfo } from '../cms/tst-info.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { SpcIndirectData } from './spc-indirect-data.ts';
import type { SpcPageHashes } from './spc-page-hashes.ts';
import type { SpcSpOpusInfo } from './spc-sp-opus-info.ts';

/** One signature as it stands in the file: parsed, not judged. */
export interface AuthenticodeSignature {
  /** File offset of its ContentInfo. */
  readonly offset: number;
  /** undefined in a catalog, which signs its own list and not the digest of a file. */
  readonly indirectData: SpcIndirectData | undefined;
  /** A digest for each page of a PE image; undefined in most. */
  readonly pageHashes: SpcPageHashes | undefined;
  /** The octets that the messageDigest attribute covers: the signed content without its tag and length. */
  readonly content: Uint8Array;
  readonly signerInfo: SignerInfo;
  /** All that came with it, in file order, the signer and the time stamper among them. */
  readonly certificates: readonly Certificate[];
  /** undefined where none of the certificates is the one that SignerInfo names. */
  readonly signer: Certificate | undefined;
  readonly opusInfo: SpcSpOpusInfo | undefined;
  /** In file order. */
  readonly timestamps: readonly Timestamp[];
  /** What follows a PKCS#7 in its WIN_CERTIFICATE; none in a nested signature. */
  readonly padding: Padding;
  /** Bytes of the certificate table behind its last entry, which a grown directory takes in; 0 in all but the first. */
  readonly behindEntries: number;
}

/** A countersignature in either of its forms. `signer` is undefined where the certificate is not in the file. */
export type Timestamp =
  | {
      readonly kind: 'pkcs9';
      readonly signerInfo: SignerInfo;
      readonly signer: Certificate | undefined;
      /** The signingTime attribute; null where it is absent. */
      readonly time: string | null;
    }
  | {
      readonly kind: 'rfc3161';
      readonly token: SignedData;
      readonly tstInfo: TstInfo;
      readonly signerInfo: SignerInfo;
      /** Those of the token; the signature's own may hold more of the chain. */
      readonly certificates: readonly Certificate[];
      readonly signer: Certificate | undefined;
      readonly time: string;
    };

export interface Padding {
  /** Bytes. Up to 7 round the entry to a multiple of 8. */
  readonly size: number;
  readonly isZero: boolean;
}
