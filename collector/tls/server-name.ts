import { isIP, isIPv4 } from 'node:net';

/** A name by which agents reach the collector, as a certificate holds it. */
export type ServerName =
  | { readonly kind: 'dns'; readonly text: string }
  | { readonly kind: 'ip'; readonly text: string; readonly bytes: Uint8Array };

const LABEL = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';
const DNS_NAME = new RegExp(`^(\\*\\.)?${LABEL}(\\.${LABEL})*\\.?$`, 'i');

/** An address, or a DNS name in ASCII (`xn--` for others); undefined where it is neither. */
export function parseServerName(text: string): ServerName | undefined {
  if (isIP(text) !== 0 && !text.includes('%'))
    return { kind: 'ip', text, bytes: addressBytes(text) };
  if (text.length > 253 || !DNS_NAME.test(text)) return undefined;
  return { kind: 'dns', text: text.toLowerCase().replace(/\.$/, '') };
}

/** 4 or 16 bytes. Source: RFC 5280 §4.2.1.6, iPAddress. */
function addressBytes(text: string): Uint8Array {
  if (isIPv4(text)) return Uint8Array.from(text.split('.').map(Number));
  const [head = '', tail] = text.split('::');
  const first = groupBytes(head);
  const last = groupBytes(tail ?? '');
  return Uint8Array.from([
    ...first,
    ...Array<number>(16 - first.length - last.length).fill(0),
    ...last,
  ]);
}

function groupBytes(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (group.includes('.')) return group.split('.').map(Number); // ::ffff:192.0.2.1
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
