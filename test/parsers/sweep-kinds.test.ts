import { describe, expect, test } from 'vitest';
import { haveShared } from '../corpus.ts';
import { readCorpusBytes } from './read-corpus-file.ts';
import { readToTheEnd } from './read-signed-file.ts';
import { sweep } from './sweep.ts';

/** Bytes between two damages, chosen so that a file takes about a second. */
const inputs = [
  { kind: 'ole/msi', file: 'format-ripper/msi/2dac4b.msi', step: 211 },
  { kind: 'ole/msi', file: 'jsign/minimal-signed-with-signtool.msi', step: 97 },
  { kind: 'ole/msi', file: 'osslsigncode/files/unsigned.msi', step: 17 },
  {
    kind: 'cab',
    file: 'jsign-fuzz/clusterfuzz-testcase-minimized-AuthenticodeCabSignerFuzzer-6100368714498048.bin',
    step: 1,
  },
  { kind: 'cab', file: 'osslsigncode/files/unsigned.ex_', step: 1 },
  { kind: 'cat', file: 'go-pe/ntexe.cat', step: 31 },
  { kind: 'cat', file: 'osslsigncode/files/unsigned.cat', step: 7 },
  { kind: 'zip/appx', file: 'jsign/minimal-signed-by-signtool.msix', step: 23 },
  {
    kind: 'zip/appx',
    file: 'jsign-fuzz/clusterfuzz-testcase-minimized-AuthenticodeAppxSignerFuzzer-4740424707997696.bin',
    step: 1,
  },
  { kind: 'script', file: 'openauthenticode/expired-no-timestamp.ps1', step: 3 },
];

describe.skipIf(!haveShared())('a damaged file of every kind', () => {
  test.each(inputs)(
    '$kind $file gives a value or a ParseError',
    ({ kind, file, step }) => {
      const tried = sweep(readCorpusBytes(file), readToTheEnd(kind, file), step);
      expect(tried).toBeGreaterThan(100);
    },
    60_000,
  );
});
