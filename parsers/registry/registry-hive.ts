import type { ByteReader } from '../bytes/byte-reader.ts';
import { type FileSource, readWindow } from '../bytes/file-source.ts';
import { ParseError } from '../bytes/parse-error.ts';
import { BASE_BLOCK_SIZE, HiveCells } from './hive-cells.ts';
import { RegistryKey } from './registry-key.ts';

/** A file of the Windows registry. */
export interface RegistryHive {
  /**
   * It was not closed cleanly: what Windows wrote last may stand in its log files only, which are not read. What the hive
   * itself holds is then older, or in a few places half written.
   */
  readonly isDirty: boolean;
  readonly root: RegistryKey;
}

/** 'regf' and 'hbin', little-endian. */
const BASE_BLOCK_SIGNATURE = 0x66676572;
const HIVE_BIN_SIGNATURE = 0x6e696268;
/** File offset of the checksum; it covers all before it. */
const CHECKSUM = 508;

/**
 * Opens a hive: its base block is read here, keys as they are asked for. Throws ParseError for what is no primary hive file.
 * Source: M. Suhanov, "Windows registry file format specification", "Base block", "Hive bin", "Dirty state of a hive".
 */
export function openRegistryHive(source: FileSource): RegistryHive {
  const block = readWindow(source, { offset: 0, size: BASE_BLOCK_SIZE });
  if (block.u32(0) !== BASE_BLOCK_SIGNATURE)
    throw new ParseError('bad-magic', 0, 'no registry hive');
  const majorVersion = block.u32(20);
  const fileType = block.u32(28);
  const fileFormat = block.u32(32);
  if (majorVersion !== 1 || fileType !== 0 || fileFormat !== 1) {
    const found = `version ${majorVersion}, type ${fileType}, format ${fileFormat}`;
    throw new ParseError('unsupported', 20, `a hive of ${found}: 1, 0 and 1 are known`);
  }
  const firstBin = readWindow(source, { offset: BASE_BLOCK_SIZE, size: 4 });
  if (firstBin.u32(BASE_BLOCK_SIZE) !== HIVE_BIN_SIGNATURE)
    throw new ParseError('bad-magic', BASE_BLOCK_SIZE, 'no hive bin where the first is wanted');
  const cells = new HiveCells(source, block.u32(40));
  return {
    isDirty: block.u32(4) !== block.u32(8) || checksumOf(block) !== block.u32(CHECKSUM),
    root: new RegistryKey(cells, block.u32(36)),
  };
}

/** XOR of the 32-bit words, unsigned. Windows writes 0 as 1 and all ones as all ones but the last bit. */
function checksumOf(block: ByteReader): number {
  let checksum = 0;
  for (let at = 0; at < CHECKSUM; at += 4) checksum = (checksum ^ block.u32(at)) >>> 0;
  if (checksum === 0) return 1;
  return checksum === 0xffffffff ? 0xfffffffe : checksum;
}
