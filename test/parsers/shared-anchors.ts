import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Certificate } from '../../parsers/x509/certificate.ts';
import { CERTIFICATE_LABELS, parsePem } from '../../parsers/x509/pem.ts';
import { parseRootRestrictions } from '../../parsers/x509/root-restrictions.ts';
import { rootSet } from '../../parsers/x509/root-set.ts';
import type { TrustAnchors } from '../../parsers/x509/trust-anchors.ts';
import { sharedFolder } from '../corpus.ts';

const folder = path.join(sharedFolder, 'roots');

/** The code-signing and timestamp roots with which the oracle judged, without or with the limits on each. */
export function readSharedAnchors({ restricted }: { readonly restricted: boolean }): TrustAnchors {
  const text = readFileSync(path.join(folder, 'root-restrictions.json'), 'utf8');
  const restrictions = restricted ? parseRootRestrictions(text) : new Map();
  return {
    source: 'shared roots',
    codeSigning: rootSet(readPem('codesignctl.pem'), restrictions),
    timeStamping: rootSet(readPem('timestampctl.pem'), restrictions),
    judges: true,
  };
}

/** Every certificate in PEM text. */
export function certificatesOfPem(text: string): Certificate[] {
  return parsePem(text, CERTIFICATE_LABELS).map((encoded) => new Certificate(encoded));
}

function readPem(file: string): Certificate[] {
  return certificatesOfPem(readFileSync(path.join(folder, file), 'utf8'));
}
