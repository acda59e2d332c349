/**
 * `npm run package`: agent and collector as single executables for Linux and Windows, built on Linux. The same commit gives the same
 * bytes. See docs/packaging.md.
 */
import { parseArgs } from 'node:util';
import { buildPackage } from './package/build-package.ts';
import type { Signing } from './package/sign.ts';

const USAGE = `usage: npm run package [-- OPTIONS]

  --out DIR             where everything goes (default: dist)
  --sign-key FILE       sign the Windows executables with this key (PEM) ...
  --sign-certs FILE     ... and this certificate, and those above it (PEM)
  --timestamp-url URL   RFC 3161 service: the signature then outlives the certificate

Example:
  npm run package -- --out dist --sign-key key.pem --sign-certs certs.pem --timestamp-url http://timestamp.example/
`;

const options = readOptions();
if (options?.help) {
  console.log(USAGE);
} else if (options) {
  const { out, signing } = options;
  try {
    await buildPackage({ out, signing, say: console.log });
  } catch (error) {
    console.error(`npm run package: ${(error as Error).message}`);
    process.exitCode = 1;
  }
} else {
  console.error(USAGE);
  process.exitCode = 2;
}

/** Undefined where the command line is not understood. */
function readOptions(): { out: string; help: boolean; signing: Signing | undefined } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        out: { type: 'string', default: 'dist' },
        'sign-key': { type: 'string' },
        'sign-certs': { type: 'string' },
        'timestamp-url': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const {
      out,
      help,
      'sign-key': key,
      'sign-certs': certs,
      'timestamp-url': timestampUrl,
    } = values;
    if (key !== undefined && certs !== undefined)
      return { out, help, signing: { key, certs, timestampUrl } };
    if (key === undefined && certs === undefined && timestampUrl === undefined)
      return { out, help, signing: undefined };
    console.error('--sign-key and --sign-certs go together, and --timestamp-url with them');
  } catch (error) {
    console.error((error as Error).message);
  }
  return undefined;
}
