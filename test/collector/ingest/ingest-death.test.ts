import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CollectorProcess, temporaryFolder } from '../collector-process.ts';
import { ndjson, record } from '../records.ts';

const TABLE = 'AgentFileCertificateInfo';

let folder: string;
let remove: () => void;
let collector: CollectorProcess;

beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
});

afterEach(async () => {
  await collector.stop('SIGKILL');
  remove();
});

/** A collector whose thread that reads batches does `deed` when it gets one while a file of this name is there. */
async function startWithTrap(now: string, deed: string): Promise<void> {
  const trap = path.join(folder, 'trap.mjs');
  writeFileSync(
    trap,
    `import { existsSync } from 'node:fs';
     import { parentPort, threadName } from 'node:worker_threads';
     if (threadName === 'ingest') parentPort.on('message', () => {
       if (existsSync(${JSON.stringify(now)})) ${deed};
     });`,
  );
  const NODE_OPTIONS = `--import=${pathToFileURL(trap).href}`;
  collector = await CollectorProcess.start(path.join(folder, 'data'), [], { NODE_OPTIONS });
}

const busy = { error: { code: 'busy', message: expect.stringContaining('thread ingest ended') } };

test.each([
  {
    name: 'before it has read it: the sender is told to send again',
    deed: 'process.exit(1)',
    answer: { status: 503, json: busy },
    again: { stored: 1, duplicate: false },
  },
  {
    // Node throws what a listener throws after all of them have run; which of the two is heard first is open.
    name: 'after it has handed its rows over: they are stored once',
    deed: "throw new Error('out of memory')",
    answer: { status: expect.toBeOneOf([200, 503]) },
    again: { stored: 0, duplicate: true },
  },
])(
  'a batch ends the thread that reads it, $name, and the thread is replaced',
  async ({ deed, answer, again }) => {
    const now = path.join(folder, 'now');
    await startWithTrap(now, deed);
    const send = (ReportId: number) => collector.postRows(TABLE, ndjson([record({ ReportId })]));
    expect(await send(1)).toMatchObject({ status: 200, json: { stored: 1 } });
    for (const ReportId of [2, 3]) {
      writeFileSync(now, '');
      expect(await send(ReportId)).toMatchObject(answer);
      rmSync(now);
      // As an agent does: the writer may answer before the end of the other thread is known, and then the next batch hears of it.
      let resent = await send(ReportId);
      for (let tries = 1; resent.status === 503 && tries < 3; tries += 1)
        resent = await send(ReportId);
      expect(resent).toMatchObject({ status: 200, json: again });
    }
    const { json } = await collector.query(`${TABLE} | project ReportId | sort by ReportId asc`);
    expect(json).toMatchObject({ rows: [[1], [2], [3]] });
    expect(await collector.stop()).toBe(0);
  },
);
