/**
 * `npm run soak -- [--rounds N] [--seed S]`: scans and ships while agent and collector are killed at random moments, then
 * looks whether anything is lost or double. Ends with 1 where it is. The same seed makes the same plan; what a kill meets
 * depends on the machine.
 */
import { parseArgs } from 'node:util';
import { soak } from './soak/soak.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 30) },
  },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed);
console.log(`soak: ${rounds} rounds, seed ${seed}`);
const start = performance.now();
const result = await soak({
  rounds,
  seed,
  onRound: (round, what) => console.log(`${round}/${rounds}: ${what}`),
});
const { agentKills, collectorKills, sweeps, rows, wire, faults } = result;
console.log(
  `soak: seed ${seed}, ${rounds} rounds in ${((performance.now() - start) / 1000).toFixed(0)} s:`,
  `agent killed ${agentKills} times, collector ${collectorKills} times;`,
  `${wire.requests} requests, ${wire.stored} batches stored, ${wire.lostRequests} requests and ${wire.lostAnswers} answers lost,`,
  `${wire.busy} answered 503, ${wire.tooLarge} answered 413;`,
  `${sweeps} whole sweeps and ${rows} rows at the collector, ${faults.length} faults`,
);
for (const fault of faults) console.error(fault);
if (faults.length > 0) process.exitCode = 1;
