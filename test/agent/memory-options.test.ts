import { expect, test } from 'vitest';
import { memoryOptions } from '../../agent/memory-options.ts';
import manifest from '../../package.json' with { type: 'json' };

test('the npm script starts the agent with the options that keep its memory low', () => {
  const { certsweep } = manifest.scripts;
  expect(certsweep.split(' ')).toEqual(['node', ...memoryOptions, 'agent/bin.mjs']);
});
