/**
 * Options of Node that keep the agent's memory low: the young generation is 1 MB a thread, old ones grow in small steps, and one
 * thread of V8's own does its work beside ours. The last two cost a rescan a tenth of its time; BENCHMARKS has the figures. The
 * npm script `certsweep` has the same ones.
 */
export const memoryOptions: readonly string[] = [
  '--max-semi-space-size=1',
  '--optimize-for-size',
  '--heap-growing-percent=10',
  '--v8-pool-size=1',
];
