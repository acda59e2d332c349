import { parseCrl } from '../../parsers/x509/crl.ts';
import { CRL_LABELS, parsePem } from '../../parsers/x509/pem.ts';
import { CommandError } from '../exit-status.ts';
import { listInputs, parseInput, readInput } from './read-input.ts';

/** Bytes. The largest lists in use have some 10 MB; each thread keeps the entries of all. */
const MAX_TOTAL_SIZE = 24 * 1024 * 1024;
const CRL_FILE = /\.(crl|pem)$/i;
const DER_SEQUENCE = 0x30;

/** The DER of the certificate revocation lists in files and folders, DER or PEM. Throws CommandError, which names the file. */
export function readCrlFiles(places: readonly string[]): Uint8Array[] {
  const lists: Uint8Array[] = [];
  let total = 0;
  for (const place of places) {
    const files = listInputs(place, CRL_FILE);
    if (files.length === 0) throw new CommandError(`${place}: no .crl or .pem file in it`);
    for (const file of files) {
      for (const list of readCrlFile(file)) {
        total += list.length;
        lists.push(list);
      }
      if (total > MAX_TOTAL_SIZE)
        throw new CommandError(`${file}: revocation lists of more than ${MAX_TOTAL_SIZE} bytes`);
    }
  }
  return lists;
}

function readCrlFile(file: string): Uint8Array[] {
  const bytes = readInput(file, MAX_TOTAL_SIZE);
  return parseInput(file, () => {
    const lists =
      bytes[0] === DER_SEQUENCE
        ? [bytes]
        : parsePem(Buffer.from(bytes).toString('latin1'), CRL_LABELS);
    if (lists.length === 0) throw new CommandError(`${file}: no revocation list in it`);
    for (const list of lists) parseCrl(list);
    return lists;
  });
}
