import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { authenticodeSignature } from './fixtures/authenticode.ts';
import { imageDigest, withCertificateTable, withCheckSum } from './fixtures/certificate-table.ts';
import { damageFile, damageSignature } from './fixtures/damage.ts';
import { type FixturePlan, fixturePlans, neighbours } from './fixtures/fixture-plans.ts';
import { goldenOf } from './fixtures/golden.ts';
import {
  certificateNames,
  issueCertificates,
  type TestCertificates,
} from './fixtures/test-certificates.ts';
import { readOrMakeTestKey } from './fixtures/test-keys.ts';
import { tinyImage } from './fixtures/tiny-image.ts';

/**
 * Writes the test CA's certificates to `<into>/ca`, and the images with their golden JSON to `<into>/pe`. The same keys
 * give the same bytes. `npm run fixtures` does it for fixtures/; fixtures/README.md says what each file is.
 */
export function makeFixtures(into: string, keyFolder: string): void {
  const certificates = issueCertificates((name) => readOrMakeTestKey(keyFolder, name));
  writeCertificates(path.join(into, 'ca'), certificates);

  const imageFolder = path.join(into, 'pe');
  mkdirSync(imageFolder, { recursive: true });
  for (const plan of fixturePlans) {
    const { file, golden } = makeImage(plan, certificates);
    writeFileSync(path.join(imageFolder, plan.file), file);
    writeFileSync(path.join(imageFolder, `${plan.file}.json`), golden);
  }
  for (const [name, content] of Object.entries(neighbours)) {
    writeFileSync(path.join(imageFolder, name), content, 'latin1');
  }
}

/** The root stands alone, so that `--roots fixtures/ca/root.pem` trusts it and nothing else. */
function writeCertificates(folder: string, certificates: TestCertificates): void {
  const issuedFolder = path.join(folder, 'issued');
  mkdirSync(issuedFolder, { recursive: true });
  for (const name of certificateNames) {
    const file =
      name === 'root' ? path.join(folder, 'root.pem') : path.join(issuedFolder, `${name}.pem`);
    writeFileSync(file, certificates[name].pem);
  }
}

function makeImage(
  plan: FixturePlan,
  certificates: TestCertificates,
): { file: Uint8Array; golden: string } {
  const image = withCheckSum(tinyImage(plan.image, plan.file));
  const signatures = plan.entries.map((entry) =>
    damageSignature(
      authenticodeSignature(entry, (algorithm) => imageDigest(image, algorithm), certificates),
      plan.damage,
    ),
  );
  const signed = signatures.length === 0 ? image : withCertificateTable(image, signatures);
  const file = damageFile(signed, plan.damage);
  const golden = goldenOf(plan, file, signed, certificates);
  return { file, golden: `${JSON.stringify(golden, null, 2)}\n` };
}

if (process.argv[1] === import.meta.filename) {
  const fixtures = path.join(import.meta.dirname, '..', 'fixtures');
  makeFixtures(fixtures, path.join(fixtures, 'ca', 'keys'));
}
