import type { VerificationContext } from '../../parsers/authenticode/verification-context.ts';
import { parseCrl } from '../../parsers/x509/crl.ts';
import { encodedRootSet } from '../../parsers/x509/encoded-root-set.ts';
import { RevocationLists } from '../../parsers/x509/revocation-lists.ts';
import type { RootSet } from '../../parsers/x509/root-set.ts';
import type { CertificateUsage } from '../../parsers/x509/trust-anchors.ts';
import { readCrlFiles } from './crl-files.ts';
import { readDistrustFile } from './distrust-file.ts';
import type { RootSource } from './root-bundle.ts';
import { chooseRoots, type RootOptions } from './root-sources.ts';

/** What the command line says of trust. */
export interface TrustOptions extends RootOptions {
  readonly crl?: readonly string[] | undefined;
  readonly distrust?: string | undefined;
  readonly strict?: boolean | undefined;
}

/**
 * All that verdicts depend on beside the files, read once and sent to every thread: bytes and plain values, which structured
 * clone keeps. The large ones are in shared memory, so that threads do not each have a copy.
 */
export interface TrustMaterial {
  /** ISO 8601: the sweep judges as of its start. */
  readonly now: string;
  readonly roots: RootSource;
  readonly crls: readonly Uint8Array[];
  readonly distrusted: ReadonlySet<string>;
  readonly strict: boolean;
}

/** Throws CommandError for whatever is wrong with the files that were named. */
export async function loadTrust(options: TrustOptions): Promise<TrustMaterial> {
  const source = await chooseRoots(options);
  const encoded = share(source.roots.map((root) => root.encoded));
  const roots = source.roots.map((root, index) => ({
    ...root,
    encoded: encoded[index] ?? root.encoded,
  }));
  return {
    now: new Date().toISOString(),
    roots: { ...source, roots },
    crls: share(readCrlFiles(options.crl ?? [])),
    distrusted: options.distrust === undefined ? new Set() : readDistrustFile(options.distrust),
    strict: options.strict ?? false,
  };
}

/** Made anew in every thread. */
export function verificationContext(material: TrustMaterial): VerificationContext {
  const { now, roots, crls, distrusted, strict } = material;
  return {
    now,
    anchors: {
      source: roots.source,
      judges: roots.judges,
      codeSigning: rootSetFor('code_signing', roots),
      timeStamping: rootSetFor('time_stamping', roots),
    },
    ...(crls.length > 0 && { revocation: new RevocationLists(crls.map((crl) => parseCrl(crl))) }),
    distrusted,
    strict,
  };
}

function rootSetFor(usage: CertificateUsage, source: RootSource): RootSet {
  const roots = source.roots.filter(({ usages }) => usages.includes(usage));
  return encodedRootSet(roots, source);
}

/** Copies in one block of shared memory. */
function share(parts: readonly Uint8Array[]): Uint8Array[] {
  const memory = new SharedArrayBuffer(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  return parts.map((part) => {
    const copy = new Uint8Array(memory, offset, part.length);
    copy.set(part);
    offset += part.length;
    return copy;
  });
}
