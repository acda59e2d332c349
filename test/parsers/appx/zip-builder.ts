import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPlan {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly stored?: boolean;
  /** What the records claim; by default what is true. */
  readonly claimedSize?: number;
}

/** A ZIP archive without ZIP64 records. */
export function buildZip(plans: readonly ZipPlan[]): Buffer {
  const files: Buffer[] = [];
  const records: Buffer[] = [];
  let offset = 0;
  for (const plan of plans) {
    const name = Buffer.from(plan.name);
    const data = plan.stored ? plan.bytes : deflateRawSync(plan.bytes);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0); // version needed
    shared.writeUInt16LE(plan.stored ? 0 : 8, 4);
    shared.writeUInt32LE(crc32(plan.bytes), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(plan.claimedSize ?? plan.bytes.length, 18);
    shared.writeUInt16LE(name.length, 22);
    files.push(Buffer.from('PK\x03\x04'), shared, name, Buffer.from(data));

    const record = Buffer.alloc(46);
    record.write('PK\x01\x02', 'latin1');
    record.writeUInt16LE(20, 4);
    shared.copy(record, 6);
    record.writeUInt32LE(offset, 42);
    records.push(Buffer.concat([record, name]));
    offset += 30 + name.length + data.length;
  }
  const directory = Buffer.concat(records);
  return Buffer.concat([...files, directory, endRecord(plans.length, directory.length, offset)]);
}

export function endRecord(entries: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
