import { readPkcs7Signatures } from '../authenticode/read-signatures.ts';
import type { SignedFile } from '../authenticode/signed-file.ts';
import type { ByteRange, ByteReader } from '../bytes/byte-reader.ts';
import { digestSegments, type FileSource, readWindow } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';

/** CFHEADER up to and with iCabinet, then the three sizes of the reserved areas. */
const HEADER_SIZE = 36;
const RESERVE_SIZES = 4;
const MSCF = 0x4643534d;
const FLAG_RESERVE_PRESENT = 0x0004;
/** cbCFHeader of a cabinet that is signed or made ready for it. */
const SIGNATURE_RESERVE_SIZE = 20;
const MAX_SIGNATURE = 16 * 1024 * 1024;

/**
 * Reads a cabinet's signature, which stands at its end; a block of 20 bytes in the header's reserved area says where.
 *
 * Digested is everything before the signature but reserved1 and the bytes from iCabinet to the signature's place and size:
 * signing writes those. Source: [MS-CAB] §2.1 (CFHEADER); the block and the digest are described nowhere official,
 * osslsigncode and signtool agree on them.
 */
export function readCab(source: FileSource): SignedFile {
  const place = signaturePlace(source);
  if (place === undefined) return { signatures: [], problems: [], digest: () => noDigest() };
  const found = readPkcs7Signatures(source.read(place), place.offset);
  return {
    ...found,
    digest: (algorithm) => digestSegments(source, digestRanges(place), algorithm),
  };
}

/** undefined where the cabinet has no signature. */
function signaturePlace(source: FileSource): ByteRange | undefined {
  const header = readWindow(source, { offset: 0, size: HEADER_SIZE });
  if (header.u32(0) !== MSCF) throw new ParseError('bad-magic', 0, 'no MSCF at the start');
  if ((header.u16(30) & FLAG_RESERVE_PRESENT) === 0) return undefined;

  const reserve = readWindow(source, { offset: HEADER_SIZE, size: RESERVE_SIZES });
  if (reserve.u16(36) !== SIGNATURE_RESERVE_SIZE) return undefined;
  const block = readWindow(source, { offset: 40, size: SIGNATURE_RESERVE_SIZE });
  return checkPlace({ offset: block.u32(44), size: block.u32(48) }, block, source.size);
}

function checkPlace(place: ByteRange, block: ByteReader, fileSize: number): ByteRange | undefined {
  if (place.offset === 0 || place.size === 0) return undefined;
  const where = `signature of ${place.size} bytes at ${place.offset}`;
  if (place.offset < block.end)
    throw new ParseError('bad-value', 44, `${where} overlaps the header`);
  if (place.offset + place.size > fileSize || place.size > MAX_SIGNATURE)
    throw new ParseError('bad-length', 48, `${where} does not fit the file's ${fileSize} bytes`);
  return place;
}

function digestRanges(signature: ByteRange): ByteRange[] {
  return [
    { offset: 0, size: 4 }, // signature MSCF
    { offset: 8, size: 26 }, // cbCabinet to setID
    { offset: 56, size: signature.offset - 56 },
  ];
}

function noDigest(): never {
  throw new Error('an unsigned cabinet was to be digested');
}
