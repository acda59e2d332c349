import type { FileKind } from './file-outcome.ts';

/** First bytes as a big-endian number, so that the constants read like the bytes on disk. */
const OLE_MAGIC = 0xd0cf11e0;
const CAB_MAGIC = 0x4d534346; // MSCF
const ZIP_MAGIC = 0x504b0304; // PK 3 4
const ELF_MAGIC = 0x7f454c46;
const MZ_MAGIC = 0x4d5a;
const SCRIPT_MAGIC = 0x2321; // #!
const DER_SEQUENCE = 0x30;

/** The DER of 1.2.840.113549.1.7.2 (signedData) and of 1.3.6.1.4.1.311.10.1 (certificate trust list). */
const SIGNED_DATA_OID = Buffer.from('06092a864886f70d010702', 'hex');
const TRUST_LIST_OID = Buffer.from('06092b060104018237' + '0a01', 'hex');
/** Tag and length before the OID: at most 6 bytes. The trust list's OID follows version and digest algorithms. */
const OID_WITHIN = 6;
const TRUST_LIST_WITHIN = 80;

/** First bytes as hex, and what a file that begins with them is. */
const CONTAINERS = byFirstByte([
  ['377abcaf271c', 'archive'], // 7z
  ['526172211a07', 'archive'], // Rar!
  ['1f8b08', 'archive'], // gzip
  ['fd377a585a00', 'archive'], // xz
  ['425a68', 'archive'], // bzip2: BZh
  ['28b52ffd', 'archive'], // zstd
  ['4d5357494d000000', 'disk-image'], // wim
  ['7668647866696c65', 'disk-image'], // vhdx
  ['636f6e6563746978', 'disk-image'], // vhd; one of fixed size has this only at its end
  ['4b444d56', 'disk-image'], // vmdk
  ['23204469736b204465736372697074', 'disk-image'], // the text of a vmdk: "# Disk Descript"
  ['514649fb', 'disk-image'], // qcow2
]);
const TAR_MAGIC = 0x75737461; // usta
const TAR_MAGIC_OFFSET = 257;

/**
 * The kind of a file by its first bytes, never by its name. `mz` may still prove to be a PE. `compound` is an MSI package, an old
 * Office document or another OLE compound file; `zip` is an APPX package among much else; `archive` is any other
 * archive or compressed file; a script without `#!` is `other`.
 */
export function sniff(header: Buffer): FileKind {
  if (header.length < 4) return header.length === 0 ? 'empty' : 'other';
  const magic = header.readUInt32BE(0);
  if (magic >>> 16 === MZ_MAGIC) return 'mz';
  if (magic === ELF_MAGIC) return 'elf';
  if (magic === ZIP_MAGIC) return 'zip';
  if (magic >>> 16 === SCRIPT_MAGIC) return 'script';
  if (magic === OLE_MAGIC) return 'compound';
  if (magic === CAB_MAGIC) return 'cab';
  if (magic >>> 24 === DER_SEQUENCE) return sniffDer(header);
  return sniffContainer(header);
}

function sniffDer(header: Buffer): 'catalog' | 'pkcs7' | 'other' {
  const oid = header.subarray(0, OID_WITHIN + SIGNED_DATA_OID.length).indexOf(SIGNED_DATA_OID);
  if (oid < 0) return 'other';
  return header.subarray(oid, oid + TRUST_LIST_WITHIN).includes(TRUST_LIST_OID)
    ? 'catalog'
    : 'pkcs7';
}

/** An ISO image says what it is at byte 32769, and a raw one says nothing: both are `other`. */
function sniffContainer(header: Buffer): FileKind {
  for (const { magic, kind } of CONTAINERS.get(header[0] ?? 0) ?? [])
    if (header.subarray(0, magic.length).equals(magic)) return kind;
  const isTar =
    header.length >= TAR_MAGIC_OFFSET + 4 && header.readUInt32BE(TAR_MAGIC_OFFSET) === TAR_MAGIC;
  return isTar ? 'archive' : 'other';
}

function byFirstByte(containers: readonly (readonly [string, FileKind])[]) {
  const found = new Map<number, { magic: Buffer; kind: FileKind }[]>();
  for (const [hex, kind] of containers) {
    const magic = Buffer.from(hex, 'hex');
    const first = magic[0] ?? 0;
    found.set(first, [...(found.get(first) ?? []), { magic, kind }]);
  }
  return found;
}
