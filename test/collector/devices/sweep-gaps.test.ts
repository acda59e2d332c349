import { expect, test } from 'vitest';
import { MOST_SKIPPED, type SweepTold, sweepGaps } from '../../../collector/devices/sweep-gaps.ts';

const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`r${index}`, 9 - index]));

test.each<{ name: string; told: Partial<SweepTold>; gaps: string[] }>([
  { name: 'nothing of a complete one', told: { skipped: '{"excluded":12}' }, gaps: [] },
  {
    name: 'what was left out, most first',
    told: { complete: false, skipped: '{"changed":2,"unreadable":10}' },
    gaps: ['12 paths left out: unreadable 10, changed 2'],
  },
  {
    name: 'that it was stopped',
    told: { complete: false, interrupted: true },
    gaps: ['it was stopped before it had looked everywhere'],
  },
  {
    name: 'what the spool lost, of a complete one, too',
    told: { spoolDropped: 7n },
    gaps: ['7 records were dropped unsent, because its spool was full'],
  },
  {
    name: 'that it gives no reason',
    told: { complete: false },
    gaps: ['it does not say why it is not complete'],
  },
  {
    name: 'the first of many reasons',
    told: { complete: false, skipped: JSON.stringify(many) },
    gaps: ['45 paths left out: r0 9, r1 8, r2 7, r3 6, r4 5, r5 4 and 3 more reasons'],
  },
  {
    name: 'that the reasons are too many, where their text was cut',
    told: { complete: false, skipped: `{"${'x'.repeat(MOST_SKIPPED - 2)}` },
    gaps: ['paths were left out, for too many reasons to list'],
  },
  ...['not JSON', 'null', '7', '[]', '{"a":"b","c":-0.5,"d":{},"e":1e300}'].map((skipped) => ({
    name: `no counts where it sends ${skipped}`,
    told: { complete: false, skipped },
    gaps: ['it does not say why it is not complete'],
  })),
])('a sweep tells $name', ({ told, gaps }) => {
  const sweep = { complete: true, interrupted: false, skipped: '', spoolDropped: 0n, ...told };
  expect(sweepGaps(sweep)).toEqual(gaps);
});
