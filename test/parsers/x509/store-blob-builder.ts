/** An entry of the registry's certificate stores: its properties by number, each with the reserved 1. */
export function storeBlob(properties: readonly (readonly [number, Uint8Array])[]): Uint8Array {
  return Buffer.concat(
    properties.flatMap(([property, value]) => {
      const header = Buffer.alloc(12);
      header.writeUInt32LE(property, 0);
      header.writeUInt32LE(1, 4);
      header.writeUInt32LE(value.length, 8);
      return [header, value];
    }),
  );
}
