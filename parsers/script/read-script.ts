import { hash } from 'node:crypto';
import { readPkcs7Signatures } from '../authenticode/read-signatures.ts';
import type { SignedFile } from '../authenticode/signed-file.ts';
import { toHex } from '../bytes/hex.ts';
import { decodeScript } from './decode-script.ts';
import type { ScriptStyle } from './script-style.ts';
import { findSignatureBlock } from './signature-block.ts';

/**
 * Reads the signature of a script, a PKCS#7 as Base64 in comments at its end.
 *
 * Digested is the text as UTF-16LE, whatever the file's encoding: by PowerShell with the byte order mark, by the scripting
 * host without it and with the number of characters as 4 bytes after it. Where the encoding is open, the digest that was
 * signed counts. Source: none official; signtool, osslsigncode and jsign agree.
 */
export function readScript(bytes: Uint8Array, style: ScriptStyle): SignedFile {
  const readings = decodeScript(bytes).flatMap((script) => {
    const block = findSignatureBlock(script, style);
    return block ? [{ ...block, hasMark: script.hasMark }] : [];
  });
  const [first] = readings;
  if (first === undefined) return { signatures: [], problems: [], digest: () => noDigest() };

  const found = readPkcs7Signatures(first.pkcs7, first.offset);
  const signed = new Set(found.signatures.map(({ indirectData }) => digestOf(indirectData)));
  return {
    ...found,
    digest(algorithm) {
      const digests = readings.map(({ signedText, hasMark }) =>
        hash(algorithm, digestedBytes(signedText, hasMark, style)),
      );
      return digests.find((digest) => signed.has(digest)) ?? digests[0] ?? '';
    },
  };
}

function digestedBytes(text: string, hasMark: boolean, { digestedBy }: ScriptStyle): Uint8Array {
  if (digestedBy === 'powershell') return Buffer.from(hasMark ? `\ufeff${text}` : text, 'utf16le');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.from(text, 'utf16le'), length]);
}

function digestOf(indirectData: { readonly digest: Uint8Array } | undefined): string {
  return indirectData ? toHex(indirectData.digest) : '';
}

function noDigest(): never {
  throw new Error('an unsigned script was to be digested');
}
