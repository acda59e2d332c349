// Loaded into the measured process by --import: what it took, written to descriptor 3 as it ends. Plain JavaScript, so
// that it does not load the type stripper, which the process itself may not need.
import { writeSync } from 'node:fs';

const start = performance.now();
process.on('exit', () => {
  const seconds = (performance.now() - start) / 1000;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  writeSync(3, JSON.stringify({ seconds, cpuSeconds, peakRssMegabytes: maxRSS / 1024 }));
});
