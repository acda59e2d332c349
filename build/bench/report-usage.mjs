// Loaded into the measured process by --import: what it took, written to descriptor 3 as it ends. Plain JavaScript, so
// that it does not load the type stripper, which the process itself may not need.
import { readFileSync, writeSync } from 'node:fs';

process.on('exit', () => {
  const seconds = performance.now() / 1000; // since the process began
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  writeSync(3, JSON.stringify({ seconds, cpuSeconds, peakRssMegabytes: (peakRss() * 1024) / 1e6 }));
});

/** KiB. The system's maxRSS begins with what the parent had when it started us, VmHWM does not. */
function peakRss() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
}
