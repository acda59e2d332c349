import { describe, expect, test } from 'vitest';
import { findCloneEvidence, type SweepTime } from '../../../collector/devices/clone-evidence.ts';

/** A sweep from one minute to another, by the device's clock, that came at the end. */
function sweep(name: string, start: number, end: number, values: Partial<SweepTime> = {}) {
  return {
    ...{ scanId: `${name}-${start}`, name, start: BigInt(start), end: BigInt(end) },
    received: BigInt(end),
    ...values,
  };
}

const found = (sweeps: readonly SweepTime[], keys: readonly string[] = []) =>
  findCloneEvidence(sweeps, keys).map(({ code, strength }) => `${strength} ${code}`);

describe('several machines under one id are told by', () => {
  test.each([
    {
      name: 'a name that returns',
      sweeps: [sweep('pc7', 0, 1), sweep('pc8', 2, 3), sweep('pc7', 4, 5)],
      evidence: ['strong names-return'],
    },
    {
      name: 'a name that returns only in the order of receipt, which is weak',
      sweeps: [sweep('new', 10, 11), sweep('old', 0, 1, { received: 12n }), sweep('new', 13, 14)],
      evidence: ['weak names-return'],
    },
    {
      name: 'two names at once',
      sweeps: [sweep('pc7', 0, 10), sweep('pc8', 5, 15)],
      evidence: ['strong two-names-at-once'],
    },
    {
      name: 'sweeps that overlap, also with one that began long before',
      sweeps: [sweep('pc7', 0, 100), sweep('pc7', 1, 2), sweep('pc7', 50, 60)],
      evidence: ['weak overlapping-sweeps'],
    },
    {
      name: 'all of these at once',
      sweeps: [sweep('a', 0, 10), sweep('b', 5, 15), sweep('a', 20, 30)],
      evidence: ['strong two-names-at-once', 'strong names-return'],
    },
  ])('$name', ({ sweeps, evidence }) => {
    expect(found(sweeps)).toEqual(evidence);
    expect(found([...sweeps].reverse())).toEqual(evidence);
  });

  test('enrolments by several keys, which is weak', () => {
    expect(found([], ['k1', 'k2'])).toEqual(['weak several-keys']);
    expect(findCloneEvidence([], ['k1', 'k2'])[0]?.words).toContain('2 keys (k1, k2)');
  });
});

describe('one machine is', () => {
  test.each([
    { name: 'one with no sweep', sweeps: [] },
    { name: 'one that was renamed once', sweeps: [sweep('old', 0, 1), sweep('new', 2, 3)] },
    {
      name: 'one whose domain comes and goes, in any case of letters',
      sweeps: [sweep('pc7', 0, 1), sweep('PC7.corp.example', 2, 3), sweep('pc7.home', 4, 5)],
    },
    {
      name: 'one that does not always tell its name',
      sweeps: [sweep('pc7', 0, 1), sweep('', 2, 3), sweep('pc7', 4, 5)],
    },
    {
      name: 'one whose next sweep begins as the last one ends',
      sweeps: [sweep('pc7', 0, 5), sweep('pc7', 5, 6)],
    },
    {
      name: 'one whose sweep row is there twice',
      sweeps: [sweep('pc7', 0, 5, { scanId: 'x' }), sweep('pc7', 1, 5, { scanId: 'x' })],
    },
    {
      name: 'one whose sweeps have no times, or end before they begin',
      sweeps: [
        sweep('pc7', 0, 9),
        sweep('pc7', 8, 3),
        { ...sweep('pc7', 1, 2), start: null, end: null },
      ],
    },
  ])('$name', ({ sweeps }) => {
    expect(found(sweeps, ['k1'])).toEqual([]);
  });
});

test('names are listed, and many are counted', () => {
  const sweeps = Array.from({ length: 8 }, (_, index) => sweep(`pc${index}`, index, 100));
  const [evidence] = findCloneEvidence(sweeps, []);
  expect(evidence?.words).toContain('pc0, pc1, pc2, pc3, pc4 and 3 more');
});
