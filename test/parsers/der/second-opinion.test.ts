import forge from 'node-forge';
import { describe, expect, test } from 'vitest';
import { type DerReader, readDer } from '../../../parsers/der/der-reader.ts';
import { TAG } from '../../../parsers/der/tags.ts';
import { haveShared, readOracle } from '../../corpus.ts';
import { readCorpusBytes, readPeFacts } from '../read-corpus-file.ts';

/** node-forge's reader over every real PKCS#7: it must see the same tags and contents as ours, element by element. */
describe.skipIf(!haveShared())('the real PKCS#7 blobs', () => {
  test('have the same elements in our reader and in node-forge', () => {
    const rows = readOracle().filter(
      ({ kind, signatures }) => kind.startsWith('pe32') && signatures.length > 0,
    );
    let blobs = 0;
    let elements = 0;
    for (const row of rows) {
      for (const { content } of readPeFacts(readCorpusBytes(row.file)).entries) {
        const ours = outline(readDer(readDer(content).next().encoded));
        const bytes = Buffer.from(content).toString('latin1');
        const options = { decodeBitStrings: false, parseAllBytes: false, strict: false };
        // @types/node-forge knows only the older boolean argument.
        const theirs = forgeOutline(forge.asn1.fromDer(bytes, options as unknown as boolean));
        expect(ours, row.file).toEqual(theirs);
        blobs++;
        elements += ours.length;
      }
    }
    console.log(`node-forge agrees on ${elements} elements of ${blobs} PKCS#7 blobs`);
    expect(blobs).toBe(71);
  });
});

/** Tag and content of each element in order; a constructed one has no content of its own. */
function outline(reader: DerReader): string[] {
  const lines: string[] = [];
  for (const element of reader.rest()) {
    const constructed = (element.tag & 0x20) !== 0;
    const content = constructed ? '' : Buffer.from(element.content).toString('hex');
    lines.push(`${element.tag.toString(16)} ${content}`);
    if (constructed) lines.push(...outline(element.children));
  }
  return lines;
}

function forgeOutline(node: forge.asn1.Asn1): string[] {
  const tag = node.tagClass | (node.constructed ? 0x20 : 0) | node.type;
  if (typeof node.value === 'string')
    return [`${tag.toString(16)} ${forgeContent(tag, node.value).toString('hex')}`];
  return [
    `${tag.toString(16)} `,
    ...node.value.flatMap((child) => forgeOutline(child as forge.asn1.Asn1)),
  ];
}

/** forge keeps content as a string of octets, but decodes a BMPString. */
function forgeContent(tag: number, value: string): Buffer {
  return tag === TAG.bmpString
    ? Buffer.from(value, 'utf16le').swap16()
    : Buffer.from(value, 'latin1');
}
