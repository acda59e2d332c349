import { OID } from '../der/oids.ts';
import { firstValue, type Name } from './name.ts';

/** In this order, whatever their order in the name. */
const preferred = [
  OID.commonName,
  OID.organizationalUnitName,
  OID.organizationName,
  OID.emailAddress,
];

/**
 * The name that Windows shows and Defender stores: CN, else OU, O, e-mail address, the alternative name's first
 * rfc822Name, and last whatever attribute stands first. The empty string where there is nothing at all.
 * Source: CertGetNameStringW documentation, CERT_NAME_SIMPLE_DISPLAY_TYPE.
 */
export function displayName(name: Name, rfc822Names: readonly string[]): string {
  for (const type of preferred) {
    const value = firstValue(name, type);
    if (value !== undefined) return value;
  }
  return rfc822Names[0] ?? name.relativeNames[0]?.[0]?.value ?? '';
}
