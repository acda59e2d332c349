/** Lower-case hex of `bytes`. Buffer does it without a copy; Uint8Array.prototype.toHex is not in Node 24. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
