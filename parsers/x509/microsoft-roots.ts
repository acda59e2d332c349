import type { Certificate } from './certificate.ts';

/**
 * True where `certificate` is a root that Microsoft itself runs, by its thumbprint: a name proves nothing.
 *
 * Such a root does not say that the file is Microsoft's: Identity Verification Root 2020 stands above Trusted Signing,
 * where anybody can have a certificate. It is what IsRootSignerMicrosoft means all the same.
 */
export function isMicrosoftRoot({ facts: { sha256 } }: Certificate): boolean {
  return microsoftRoots.has(sha256);
}

/**
 * SHA-256 thumbprints of every self-signed certificate of Microsoft Corporation in Microsoft's Trusted Root Program.
 * Source: the programme's list of participants; "Microsoft PKI repository", https://www.microsoft.com/pkiops/docs/repository.htm.
 */
const microsoftRoots = new Map([
  ['f38406e540d7a9d90cb4a9479299640ffb6df9e224ecc7a01c0d9558d8dad77d', 'Microsoft Root Authority'],
  [
    '885de64c340e3ea70658f01e1145f957fcda27aabeea1ab9faa9fdb0102d4077',
    'Microsoft Root Certificate Authority',
  ],
  [
    'df545bf919a2439c36983b54cdfc903dfa4f37d3996d8d84b4c31eec6f3c163e',
    'Microsoft Root Certificate Authority 2010',
  ],
  [
    '847df6a78497943f27fc72eb93f9a637320a02b561d0a91b09e87a7807ed7c61',
    'Microsoft Root Certificate Authority 2011',
  ],
  [
    '65af95f4be86847344634282f941b2e605063ef0c8542f014ca088d182109e4f',
    'Microsoft Time Stamp Root Certificate Authority 2014',
  ],
  [
    'c741f70f4b2a8d88bf2e71c14122ef53ef10eba0cfa5e64cfa20f418853073e0',
    'Microsoft RSA Root Certificate Authority 2017',
  ],
  [
    '358df39d764af9e1b766e9c972df352ee15cfac227af6ad1d70e8e4a6edcba02',
    'Microsoft ECC Root Certificate Authority 2017',
  ],
  [
    'caca93b9d23d2b6fa76e8b8471931e0df3ec6f63af3cdbb936c41954a1872326',
    'Microsoft ECC Product Root Certificate Authority 2018',
  ],
  [
    '3fd4be8baad2f26e1bde06c7584bb720dd1a972d111f5a4999bc44b08fb4960d',
    'Microsoft ECC TS Root Certificate Authority 2018',
  ],
  [
    '5367f20c7ade0e2bca790915056d086b720c33c1fa2a2661acf787e3292e1270',
    'Microsoft Identity Verification Root Certificate Authority 2020',
  ],
]);
