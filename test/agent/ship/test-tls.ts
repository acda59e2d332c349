import { generateKeyPairSync } from 'node:crypto';
import forge from 'node-forge';

export interface ServerIdentity {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface IdentityPlan {
  /** Host name of the certificate; 127.0.0.1 is beside it unless `isForeign`. */
  readonly host?: string;
  readonly isForeign?: boolean;
  /** Years from now at which it ends; negative is in the past. */
  readonly endsIn?: number;
}

/** A certification authority of this test's own, and servers that it vouches for. */
export class TestAuthority {
  readonly #key = newKey();
  /** PEM of the root. */
  readonly pem = forge.pki.certificateToPem(
    certificate({ name: 'certsweep test root', key: this.#key, signer: this.#key, isCa: true }),
  );

  issue({ host = 'localhost', isForeign = false, endsIn = 1 }: IdentityPlan = {}): ServerIdentity {
    const key = newKey();
    const names = isForeign ? [host] : [host, '127.0.0.1'];
    const made = certificate({
      ...{ name: host, issuer: 'certsweep test root', key, signer: this.#key, endsIn },
      altNames: names.map((name) =>
        /^\d/.test(name) ? { type: 7, ip: name } : { type: 2, value: name },
      ),
    });
    return { cert: forge.pki.certificateToPem(made), key: forge.pki.privateKeyToPem(key) };
  }
}

/** Vouched for by nobody. */
export function selfSigned(): ServerIdentity {
  const key = newKey();
  const altNames = [{ type: 7, ip: '127.0.0.1' }];
  const made = certificate({ name: 'localhost', key, signer: key, altNames });
  return { cert: forge.pki.certificateToPem(made), key: forge.pki.privateKeyToPem(key) };
}

interface CertificateParts {
  readonly name: string;
  readonly issuer?: string;
  readonly key: forge.pki.rsa.PrivateKey;
  readonly signer: forge.pki.rsa.PrivateKey;
  readonly isCa?: boolean;
  readonly endsIn?: number;
  readonly altNames?: readonly object[];
}

function certificate(parts: CertificateParts): forge.pki.Certificate {
  const { name, issuer = name, key, signer, isCa = false, endsIn = 1, altNames } = parts;
  const made = forge.pki.createCertificate();
  const year = new Date().getUTCFullYear();
  made.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  made.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(8))}`;
  made.validity.notBefore = new Date(Date.UTC(year - 3, 0, 1));
  made.validity.notAfter = new Date(Date.UTC(year + endsIn, 11, 31));
  made.setSubject([{ name: 'commonName', value: name }]);
  made.setIssuer([{ name: 'commonName', value: issuer }]);
  made.setExtensions([
    { name: 'basicConstraints', cA: isCa, critical: true },
    ...(altNames === undefined ? [] : [{ name: 'subjectAltName', altNames }]),
  ]);
  made.sign(signer, forge.md.sha256.create());
  return made;
}

/** OpenSSL makes a key in a fraction of the time that node-forge takes. */
function newKey(): forge.pki.rsa.PrivateKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return forge.pki.privateKeyFromPem(
    String(privateKey.export({ type: 'pkcs1', format: 'pem' })),
  ) as forge.pki.rsa.PrivateKey;
}
