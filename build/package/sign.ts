import { execFileSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';

/** With what Windows executables are signed. */
export interface Signing {
  /** PEM file of the private key. osslsigncode asks for its passphrase where it has one. */
  readonly key: string;
  /** PEM file of the signer's certificate and those above it. */
  readonly certs: string;
  /** Of an RFC 3161 time stamping service. Without it the signature ends with the certificate. */
  readonly timestampUrl: string | undefined;
}

/** Signs `file` in place with osslsigncode, an ordinary program of Linux distributions. Throws where that is missing or refuses; `file` is then gone. */
export function signExecutable(file: string, { key, certs, timestampUrl }: Signing): void {
  const signed = `${file}.signed`;
  rmSync(signed, { force: true }); // osslsigncode does not write over a file
  const timestamp = timestampUrl === undefined ? [] : ['-ts', timestampUrl];
  const args = ['sign', '-h', 'sha256', '-n', 'certsweep', '-key', key, '-certs', certs];
  try {
    execFileSync('osslsigncode', [...args, ...timestamp, '-in', file, '-out', signed], {
      stdio: ['inherit', 'pipe', 'inherit'],
    });
  } catch (error) {
    rmSync(signed, { force: true });
    rmSync(file); // nobody takes it for the signed one
    const { code, stdout } = error as NodeJS.ErrnoException & { stdout?: Buffer };
    throw new Error(
      code === 'ENOENT'
        ? 'signing needs osslsigncode: install it (on Debian: apt-get install osslsigncode)'
        : `osslsigncode did not sign ${file}. Its own words are above, and these: ${stdout}`,
    );
  }
  renameSync(signed, file);
}
