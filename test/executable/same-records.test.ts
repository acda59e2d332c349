import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runAgent } from '../agent/run-agent.ts';
import { corpusFolder, haveShared } from '../corpus.ts';
import { builtExecutable, canRunExecutable } from './built-executable.ts';
import { recordFacts } from './record-facts.ts';
import { runExecutable } from './run-executable.ts';

/** As runAgent() has it: what this machine has imported or installed must not judge. */
const env = { XDG_DATA_HOME: '/nonexistent', DOTNET_ROOT: '/nonexistent' };

describe.skipIf(!canRunExecutable())('the Linux executable records what the source does', () => {
  let executable = '';
  beforeAll(async () => {
    executable = await builtExecutable();
  });

  async function compare(folder: string, least: number): Promise<void> {
    const args = ['scan', folder, '--format', 'ndjson', '--threads', '2', '--fail-on', 'never'];
    const packaged = await runExecutable(executable, args, { env });
    const source = await runAgent(args);
    expect([packaged.status, source.status]).toEqual([0, 0]);
    const expected = recordFacts(source.stdout);
    expect(expected.length).toBeGreaterThanOrEqual(least);
    expect(recordFacts(packaged.stdout)).toEqual(expected);
  }

  test('of the fixtures', () => compare(path.join(import.meta.dirname, '../../fixtures'), 18));

  test.skipIf(!haveShared())('of real files', () => compare(corpusFolder, 100));
});
