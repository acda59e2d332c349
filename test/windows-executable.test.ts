import { afterAll, beforeAll, describe } from 'vitest';
import { collectorCases } from './windows-executable/collector-cases.ts';
import { deployCases } from './windows-executable/deploy-cases.ts';
import { installCases } from './windows-executable/install-cases.ts';
import { scanCases } from './windows-executable/scan-cases.ts';
import { shipCases } from './windows-executable/ship-cases.ts';
import { haveWine, WineHost } from './wine-host.ts';

/** One file, since all share one Windows: it takes longer to make than most tests take. */
describe.skipIf(!haveWine())('the Windows executables under Wine', { timeout: 300_000 }, () => {
  let host: WineHost | undefined;
  beforeAll(async () => {
    host = await WineHost.start();
  }, 300_000);
  afterAll(() => host?.stop());
  const hostOf = () => host as WineHost;

  describe('certsweep.exe', () => {
    scanCases(hostOf);
    shipCases(hostOf);
    installCases(hostOf);
    deployCases(hostOf);
  });
  describe('certsweep-collector.exe', () => collectorCases(hostOf));
});
