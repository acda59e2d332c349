import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { soak } from '../../../build/soak/soak.ts';
import { judge } from '../../../build/soak/verdict.ts';

const SEED = Number(process.env.CERTSWEEP_SEED ?? Date.now() % 1_000_000);
const ROUNDS = 10;

test(`kill -9 of agent and collector, seed ${SEED}: nothing that was durable is lost, nothing is double`, async () => {
  const said: string[] = [];
  const result = await soak({ rounds: ROUNDS, seed: SEED, onRound: (_, what) => said.push(what) });
  expect(result.faults, said.join('\n')).toEqual([]);
  expect(result.agentKills + result.collectorKills).toBeGreaterThan(0);
  expect(result.sweeps).toBeGreaterThanOrEqual(2);
}, 600_000);

describe('the judge of the soak notices', () => {
  const tree = { root: '/t', flagged: new Set(['/t/f']), others: new Set(['/t/o']) };
  type Row = readonly [scan: string, file: string, id: number];
  const sound: readonly Row[] = [
    ['1', '/t/f', 1],
    ['1', '/t/o', 2],
  ];
  const promise = ([ScanId, file, ReportId]: Row) =>
    `AgentFileCertificateInfo ${JSON.stringify({
      ScanId,
      FolderPath: path.dirname(file),
      FileName: path.basename(file),
      ReportId,
    })}`;

  function judged(rows: readonly Row[], sweeps: readonly unknown[][], promised: readonly Row[]) {
    const query = async (text: string) => {
      if (text.startsWith('AgentSweepInfo')) return [...sweeps] as unknown[][];
      const scan = /ScanId == "(.*?)"/.exec(text)?.[1];
      return rows
        .filter(([id]) => id === scan)
        .map(([, file, id]) => [path.dirname(file), path.basename(file), id]);
    };
    return judge({ query }, tree, new Set(promised.map(promise)));
  }

  test.each([
    {
      name: 'nothing where all is well',
      rows: sound,
      promised: sound,
      sweep: ['1', 2, true, 0],
      fault: undefined,
    },
    {
      name: 'a row that was promised',
      rows: sound,
      promised: [...sound, ['0', '/t/f', 9] as const],
      sweep: ['1', 2, true, 0],
      fault: 'sweep 0: 1 promised rows are missing',
    },
    {
      name: 'a flagged file that a whole sweep lacks',
      rows: sound.slice(1),
      promised: [],
      sweep: ['1', 1, true, 0],
      fault: 'sweep 1: 1 flagged files are missing',
    },
    {
      name: 'a file that is there twice',
      rows: [...sound, ['1', '/t/f', 3] as const],
      promised: sound,
      sweep: ['1', 3, true, 0],
      fault: 'sweep 1: 1 files are there twice',
    },
    {
      name: 'a sweep row that speaks of more',
      rows: sound,
      promised: [],
      sweep: ['1', 5, true, 0],
      fault: 'sweep 1: its sweep row speaks of 5 records, 2 are there',
    },
    {
      name: 'a sweep row that is not complete',
      rows: sound,
      promised: [],
      sweep: ['1', 2, false, 0],
      fault: 'sweep 1: its sweep row says that it is not complete',
    },
  ])('$name', async ({ rows, promised, sweep, fault }) => {
    const { faults } = await judged(rows, [sweep], promised);
    expect(faults).toEqual(fault === undefined ? [] : [expect.stringContaining(fault)]);
  });
});
