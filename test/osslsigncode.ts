import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ca = path.join(import.meta.dirname, '../fixtures/ca');
const root = path.join(ca, 'root.pem');

/**
 * True where osslsigncode (a Debian package) is installed: it signs test inputs and gives the second opinion on them. In CI its
 * absence is an error, elsewhere a loud line and skipped tests.
 */
export function haveOsslsigncode(): boolean {
  if (spawnSync('osslsigncode', ['--version']).status === 0) return true;
  const message = 'certsweep: osslsigncode is not installed: tests against it are LEFT OUT';
  if (process.env.CI) throw new Error(message);
  console.warn(message);
  return false;
}

/** Signs `input` into `output` as Example Software GmbH of the test CA. */
export function sign(input: string, output: string, options: readonly string[] = []): void {
  const chain = `${output}.chain.pem`;
  writeFileSync(
    chain,
    ['example', 'code-signing-ca']
      .map((name) => readFileSync(path.join(ca, 'issued', `${name}.pem`)))
      .join(''),
  );
  const key = path.join(ca, 'keys', 'example.key.pem');
  const files = ['-certs', chain, '-key', key, '-in', input, '-out', output];
  const { status, stdout } = spawnSync('osslsigncode', [
    'sign',
    '-h',
    'sha256',
    ...options,
    ...files,
  ]);
  if (status !== 0) throw new Error(`osslsigncode sign ${input}: ${stdout}`);
}

/** True where osslsigncode finds nothing wrong with the file when it trusts the test CA. */
export function verifies(file: string): boolean {
  const trust = ['-CAfile', root, '-TSA-CAfile', root, '-ignore-cdp', '-ignore-crl'];
  return spawnSync('osslsigncode', ['verify', ...trust, '-in', file]).status === 0;
}
