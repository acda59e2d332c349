import { readAppx } from '../../parsers/appx/read-appx.ts';
import type { SignatureReport } from '../../parsers/authenticode/signature-report.ts';
import { imageDigestsOf, type SignedFile } from '../../parsers/authenticode/signed-file.ts';
import { verifySignature } from '../../parsers/authenticode/verify-signature.ts';
import { memorySource } from '../../parsers/bytes/file-source.ts';
import { ParseError } from '../../parsers/bytes/parse-error.ts';
import { readCab } from '../../parsers/cab/read-cab.ts';
import { readCatalog } from '../../parsers/catalog/read-catalog.ts';
import { readMsi } from '../../parsers/msi/read-msi.ts';
import { readScript } from '../../parsers/script/read-script.ts';
import { scriptStyleOf } from '../../parsers/script/script-style.ts';
import { withoutRoots } from './read-corpus-file.ts';

/** Reads a file of any signed kind but PE; `kind` as the oracle names it. */
export function readSignedFile(kind: string, name: string, bytes: Uint8Array): SignedFile {
  switch (kind) {
    case 'ole/msi':
      return readMsi(memorySource(bytes));
    case 'cab':
      return readCab(memorySource(bytes));
    case 'cat':
      return readCatalog(bytes);
    case 'zip/appx':
      return readAppx(memorySource(bytes));
    default:
      return readScript(bytes, styleOf(name));
  }
}

/** Takes the whole way from bytes to reports. */
export function verifyFile(file: SignedFile, context = withoutRoots): SignatureReport[] {
  const digests = imageDigestsOf(file);
  return file.signatures.map((signature, index) =>
    verifySignature(signature, index, digests, context),
  );
}

/** Runs all of it: for sweeps, which only care that nothing but a ParseError is thrown. */
export function readToTheEnd(kind: string, name: string): (bytes: Uint8Array) => unknown {
  return (bytes) => imageDigestsOf(readSignedFile(kind, name, bytes));
}

function styleOf(name: string) {
  const style = scriptStyleOf(name);
  if (style === undefined) throw new ParseError('unsupported', 0, `${name} is no script`);
  return style;
}
