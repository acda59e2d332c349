import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Collector, startAgent } from './processes.ts';
import { Random } from './random.ts';
import { spooledRows } from './spooled-rows.ts';
import { makeTree, type SoakTree } from './tree.ts';
import { judge, type SoakVerdict } from './verdict.ts';
import { moments, Wire } from './wire.ts';

export interface SoakOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly onRound?: (round: number, what: string) => void;
}

export interface SoakResult extends SoakVerdict {
  readonly agentKills: number;
  readonly collectorKills: number;
  readonly wire: Wire['counts'];
}

const FLAGGED = 40;
const OTHERS = 160;
/** Scans without disturbance that must bring everything home. */
const LAST_TRIES = 5;

/**
 * Scans with a state folder and a collector, round after round, while agent and collector are killed (SIGKILL) at random
 * moments and the wire between them loses requests and answers. Then one scan in peace, and the collector is compared with
 * what it must hold.
 */
export async function soak({ rounds, seed, onRound }: SoakOptions): Promise<SoakResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-soak-'));
  const random = new Random(seed);
  const collector = new Collector(path.join(folder, 'collector'));
  const wire = new Wire(collector, random);
  const state = path.join(folder, 'state');
  mkdirSync(state, { mode: 0o700 });
  const tree = makeTree(path.join(folder, 'tree'), FLAGGED, OTHERS);
  const durable = new Set<string>();
  const kills = { agent: 0, collector: 0 };
  try {
    await collector.start();
    const scanArgs = shippingScan(tree, state, await wire.listen());
    const usualMs = await scanInPeace(scanArgs, wire);
    for (let round = 1; round <= rounds; round += 1) {
      const what = await disturbedScan({ scanArgs, usualMs, random, wire, collector, kills });
      for (const row of spooledRows(state, folder)) durable.add(row);
      onRound?.(round, what);
    }
    await scanInPeace(scanArgs, wire);
    const left = spooledRows(state, folder);
    const verdict = await judge(collector, tree, new Set([...durable, ...wire.acknowledged]));
    const faults = left.size > 0 ? [`${left.size} rows are still in the spool`] : [];
    return {
      ...verdict,
      faults: [...verdict.faults, ...faults],
      agentKills: kills.agent,
      collectorKills: kills.collector,
      wire: wire.counts,
    };
  } finally {
    await collector.stop('SIGKILL');
    await wire.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function shippingScan(tree: SoakTree, state: string, url: string): string[] {
  const output = ['--quiet', '--format', 'ndjson', '--threads', '1'];
  return ['scan', tree.root, ...output, '--state', state, '--collector', url];
}

/** Repeats until a scan has brought everything to the collector. Returns the milliseconds that one took. */
async function scanInPeace(scanArgs: readonly string[], wire: Wire): Promise<number> {
  wire.hasFaults = false;
  wire.mostRows = Number.POSITIVE_INFINITY;
  for (let tries = 1; ; tries += 1) {
    const start = performance.now();
    const agent = startAgent(scanArgs);
    const status = await agent.ended;
    if (status === 1) return performance.now() - start; // flagged files, and all of them delivered
    if (tries === LAST_TRIES)
      throw new Error(`a scan in peace ends with ${status}: ${agent.errors()}`);
  }
}

interface Round {
  readonly scanArgs: readonly string[];
  readonly usualMs: number;
  readonly random: Random;
  readonly wire: Wire;
  readonly collector: Collector;
  readonly kills: { agent: number; collector: number };
}

/** One scan during which one or both of the two are killed. Returns what happened, for a person. */
async function disturbedScan(round: Round): Promise<string> {
  const { scanArgs, random, wire, collector, kills } = round;
  wire.hasFaults = true;
  wire.mostRows = random.percent(50) ? 20 + random.below(60) : Number.POSITIVE_INFINITY;
  const agent = startAgent(scanArgs);
  let isOver = false;
  let restart = Promise.resolve();
  const killAgent = () => {
    if (agent.child.kill('SIGKILL')) kills.agent += 1;
  };
  const killCollector = () => {
    if (isOver || collector.url === undefined) return;
    kills.collector += 1;
    restart = collector.stop('SIGKILL').then(() => collector.start());
  };
  const said = [
    ...(random.percent(70) ? [strike('agent', killAgent, round)] : []),
    ...(random.percent(50) ? [strike('collector', killCollector, round)] : []),
  ];
  const status = await agent.ended;
  isOver = true;
  wire.onMoment = () => {};
  await restart;
  if (status !== null && status !== 1 && status !== 2)
    throw new Error(`a scan ended with ${status}: ${agent.errors()}`);
  return [...said, `exit ${status ?? 'by SIGKILL'}`].join(', ');
}

/** Strikes at some time of the scan, or at some moment of some request. */
function strike(name: string, kill: () => void, round: Round): string {
  const { random, wire, usualMs } = round;
  if (random.percent(50)) {
    const at = random.below(usualMs * 1.2);
    void sleep(at, undefined, { ref: false }).then(kill);
    return `${name} killed after ${at} ms`;
  }
  const moment = moments[random.below(moments.length)];
  let left = 1 + random.below(6);
  const others = wire.onMoment;
  wire.onMoment = (now) => {
    others(now);
    if (now !== moment) return;
    left -= 1;
    if (left === 0) kill();
  };
  return `${name} killed ${moment}, request ${left}`;
}
