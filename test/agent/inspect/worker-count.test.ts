import { describe, expect, test } from 'vitest';
import type { Image } from '../../../agent/inspect/file-outcome.ts';
import { WorkerCount } from '../../../agent/inspect/worker-count.ts';

const batch = (images: number, size: number) => ({
  files: images,
  images: Array.from({ length: images }, () => ({ size }) as Image),
  problems: [],
  otherKinds: {},
  linked: [],
  hardLinks: 0,
});

describe('WorkerCount', () => {
  test.each([
    { name: 'one while there is little to read', images: 999, cores: 8, workers: 1 },
    { name: 'two after 1,000 images', images: 1000, cores: 8, workers: 2 },
    { name: 'two after 512 MB', images: 1, size: 2 ** 29, cores: 8, workers: 2 },
    { name: 'one on one core', images: 5000, cores: 1, workers: 1 },
    { name: 'two where half of the time was waited', images: 1000, waited: 50, workers: 2 },
    { name: 'one where the main thread was busy', images: 1000, waited: 49, workers: 1 },
  ])('is $name', ({ images, size = 1, cores = 8, waited = 90, workers }) => {
    let now = 0;
    const count = new WorkerCount(undefined, cores, () => now);
    count.saw(batch(images, size));
    expect(count.current).toBe(1);
    now = 100;
    count.waited(waited);
    expect(count.current).toBe(workers);
  });

  test('grows to four at most, each time after as much again', () => {
    let now = 0;
    const count = new WorkerCount(undefined, 64, () => now);
    const grown = Array.from({ length: 12 }, () => {
      count.saw(batch(500, 1));
      now += 100;
      count.waited(100);
      return count.current;
    });
    expect(grown).toEqual([1, 2, 2, 3, 3, 4, 4, 4, 4, 4, 4, 4]);
  });

  test('is what was asked for, from the start and for ever', () => {
    const count = new WorkerCount(7, 2, () => 0);
    count.saw(batch(100_000, 1));
    count.waited(100);
    expect(count.current).toBe(7);
  });
});
