import { afterAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../collector-process.ts';
import { compareSides, differenceLines } from './compare-sides.ts';
import {
  agentRow,
  canonicalOf,
  device,
  exportedRow,
  exportIdOf,
  FILES,
  hex,
  sha1Of,
} from './planted-fleet.ts';
import { exportWriters } from './written-exports.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const short = (file: number) => sha1Of(file).slice(0, 8);
const HOUR = 3600;

/** Every difference that the report is to name, and no other. */
function planted() {
  const same = device('same', 2 * HOUR);
  const gaps = device('gaps');
  const changed = device('changed');
  const absent = device('absent');
  const fields = [
    { Signer: 'Somebody else' },
    { SignerHash: hex('another') },
    { Issuer: 'Another CA' },
    { CertificateSerialNumber: '00' },
    { IsTrusted: false },
    { SignatureType: 'Catalog' },
    { CertificateExpirationTime: '2030-01-01T00:00:00Z' },
  ];
  const now = agentRow('same', 5).Timestamp;
  const extra = exportedRow(agentRow('same', 99), 'same', { Timestamp: now });
  const unknown = exportedRow(agentRow('unknown', 0), 'unknown');
  return {
    agent: [same, gaps, changed, absent].flatMap(({ agent }) => agent),
    exported: [
      // Only the case of the name is another, and whether it has a domain.
      ...same.exported.map((row) => ({ ...row, DeviceName: 'SAME.corp.EXAMPLE' })),
      ...gaps.exported.flatMap((row, file) =>
        file === 0 || file === 3 ? [] : [{ ...row, DeviceName: 'Gaps' }],
      ),
      ...changed.exported.map((row, file) => ({ ...row, ...fields[file - 1] })),
      extra,
      unknown,
    ],
    lines: [
      'device-absent absent.corp.example 12 signed files',
      'device-only-export unknown.corp.example 1 rows',
      `field changed.corp.example ${short(1)} Signer Vendor 1|Somebody else`,
      `field changed.corp.example ${short(2)} SignerHash ${hex('Vendor 2')}|${hex('another')}`,
      `field changed.corp.example ${short(3)} Issuer Example CA|Another CA`,
      `field changed.corp.example ${short(4)} CertificateSerialNumber 0b4a9ab6ddcdb7b2|00`,
      `field changed.corp.example ${short(5)} IsTrusted true|false`,
      `field changed.corp.example ${short(6)} SignatureType Embedded|Catalog`,
      `field changed.corp.example ${short(7)} CertificateExpirationTime 2027-01-01T23:59:59Z|2030-01-01T00:00:00Z`,
      `only-agent gaps.corp.example ${short(0)}`,
      `only-agent gaps.corp.example ${short(3)}`,
      `only-export same.corp.example ${short(99)}`,
      'rule-extra unknown.corp.example no agent reports the device',
      'rule-missed absent.corp.example the device is not in the export',
      'rule-missed gaps.corp.example the device is in the export, the file is not',
      'signer-missed gaps.corp.example Signer GlavSoft LLC| 1 file',
    ].sort(),
  };
}

describe('of a pair with planted differences the report names these and no others', () => {
  test.each(exportWriters)('$name', async (writer) => {
    const { agent, exported, lines } = planted();
    await compareSides(folder, { agent, exported, writer }, (report) => {
      expect(differenceLines(report)).toEqual(lines);
      expect(report.recall).toBe(2 / 4);
      const same = report.devices.find(({ agent: each }) => each?.name === 'same.corp.example');
      expect(same).toMatchObject({ by: 'name', both: FILES, onlyExport: 1, differing: 0 });
      expect(Math.round((same?.delay?.median ?? 0) / 1000)).toBe(2 * HOUR);
      const gaps = report.devices.find(({ agent: each }) => each?.name === 'gaps.corp.example');
      expect(gaps).toMatchObject({
        by: 'first-label',
        onlyAgent: 2,
        onlyAgentByKind: { pe: 1, msi: 1 },
        onlyAgentByRule: 1,
      });
      expect(gaps?.exported?.id).toBe(exportIdOf('gaps'));
    });
  });
});

describe('the own data of the collector covers all of it', () => {
  test.each(exportWriters)('$name', async (writer) => {
    const { agent } = planted();
    const exported = agent.map(canonicalOf);
    await compareSides(folder, { agent, exported, writer }, (report) => {
      expect(differenceLines(report)).toEqual([]);
      expect(report.recall).toBe(1);
      expect(report.devices.map(({ by, state, both }) => [by, state, both])).toEqual(
        Array.from({ length: 4 }, () => ['device-id', 'compared', FILES]),
      );
    });
  });
});
