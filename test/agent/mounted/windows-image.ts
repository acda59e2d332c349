import { readFileSync } from 'node:fs';
import path from 'node:path';
import { signedCatalog } from '../../../build/fixtures/catalog.ts';
import {
  type HiveOptions,
  type KeyPlan,
  registryHive,
} from '../../../build/fixtures/registry-hive.ts';
import { issueCertificates } from '../../../build/fixtures/test-certificates.ts';
import { readOrMakeTestKey } from '../../../build/fixtures/test-keys.ts';
import { storeBlob } from '../../parsers/x509/store-blob-builder.ts';
import { buildTrustList } from '../../parsers/x509/trust-list-builder.ts';

const fixtures = path.join(import.meta.dirname, '../../../fixtures');
const certificates = issueCertificates((name) =>
  readOrMakeTestKey(path.join(fixtures, 'ca', 'keys'), name),
);

export const MACHINE_GUID = 'C2F1C0DE-0000-4000-8000-00000000C0DE';
export const SENSE_ID = `${'0123456789abcdef'.repeat(2)}01234567`;

/** SHA-1 thumbprint of the test root, which the image's ROOT store holds. */
export const rootThumbprint = certificates.root.sha1;

export interface SoftwarePlan extends HiveOptions {
  readonly machineGuid?: string;
  /** Defender's id, and whether the host is onboarded. */
  readonly senseId?: string;
  readonly onboarded?: number;
  /** Stores that hold the test root; by default the first. */
  readonly stores?: readonly string[];
  readonly trustList?: Uint8Array;
}

/** Microsoft's programme as it never was: it has the test root. */
export const programme = buildTrustList([{ thumbprint: rootThumbprint }]);

export const ROOT = 'Microsoft\\SystemCertificates\\ROOT\\Certificates';

/** A SOFTWARE hive with what Windows keeps there: the id of the machine, Defender's, root stores. */
export function softwareHive(plan: SoftwarePlan = {}): Uint8Array {
  const { machineGuid = MACHINE_GUID, senseId, onboarded, stores = [ROOT], trustList } = plan;
  const atp = 'Microsoft\\Windows Advanced Threat Protection';
  const blob = storeBlob([
    [3, Buffer.from(rootThumbprint, 'hex')],
    [32, certificates.root.der],
  ]);
  return registryHive(
    keysAt({
      'Microsoft\\Cryptography': { MachineGuid: machineGuid },
      ...(senseId !== undefined && { [atp]: { senseId } }),
      ...(onboarded !== undefined && { [`${atp}\\Status`]: { OnboardingState: onboarded } }),
      ...Object.fromEntries(
        stores.map((store) => [`${store}\\${rootThumbprint.toUpperCase()}`, { Blob: blob }]),
      ),
      ...(trustList !== undefined && {
        'Microsoft\\SystemCertificates\\AuthRoot\\AutoUpdate': { EncodedCtl: trustList },
      }),
    }),
    plan,
  );
}

/** A SYSTEM hive whose current control set is the second; the first one names another host. */
export function systemHive(): Uint8Array {
  const network = 'Services\\Tcpip\\Parameters';
  return registryHive(
    keysAt({
      Select: { Current: 2, LastKnownGood: 1 },
      [`ControlSet001\\${network}`]: { Hostname: 'OLD', Domain: 'old.example' },
      'ControlSet002\\Control\\ComputerName\\ComputerName': { ComputerName: 'WEB7' },
      [`ControlSet002\\${network}`]: { Hostname: 'web7', Domain: 'corp.example' },
    }),
  );
}

/** A small Windows volume by paths: a signed tool in Users, one that a catalog signs, hives, in a case of their own. */
export function windowsFiles(): Record<string, Uint8Array | string> {
  const read = (name: string) => readFileSync(path.join(fixtures, 'pe', name));
  const byCatalog = read('unsigned-pe32.exe');
  const { imageDigest } = JSON.parse(
    readFileSync(path.join(fixtures, 'pe', 'unsigned-pe32.exe.json'), 'utf8'),
  ) as { imageDigest: { sha256: string } };
  const catalog = signedCatalog([Buffer.from(imageDigest.sha256, 'hex')], 'example', certificates);
  return {
    'Windows/System32/config/SOFTWARE': softwareHive({ trustList: programme }),
    'Windows/System32/config/SYSTEM': systemHive(),
    'Windows/System32/CatRoot/{F750E6C3-38EE-11D1-85E5-00C04FC295EE}/test.cat': catalog,
    'Windows/System32/driver.exe': byCatalog,
    'Users/Ann/Downloads/Tool.exe': read('glavsoft-sha256-rfc3161.exe'),
    'Users/Ann/broken.exe': read('glavsoft-malformed.exe'),
    'top.exe': read('signed-pe32.exe'),
    'pagefile.sys': 'no image',
  };
}

/** Plan of a hive from whole paths of keys and their values. */
function keysAt(values: Readonly<Record<string, KeyPlan['values']>>): KeyPlan {
  interface Tree {
    values?: NonNullable<KeyPlan['values']>;
    keys?: Record<string, Tree>;
  }
  const root: Tree = {};
  for (const [place, held] of Object.entries(values)) {
    let key = root;
    for (const name of place.split('\\')) {
      key.keys ??= {};
      key.keys[name] ??= {};
      key = key.keys[name];
    }
    if (held !== undefined) key.values = held;
  }
  return root;
}
