/** A PEM bundle. */
export function toPem(...certificates: readonly Uint8Array[]): string {
  return certificates.map((der) => pemBlock('CERTIFICATE', der)).join('');
}

export function pemBlock(label: string, der: Uint8Array): string {
  const base64 = Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n');
  return `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`;
}
