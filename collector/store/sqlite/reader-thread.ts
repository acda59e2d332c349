/** A thread that owns a reading connection, so that a slow query stalls neither the server nor the writer. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { Plan, QueryResult } from '../../../parsers/kql/plan.ts';
import type { QueryLimits, StoreStatus } from '../store.ts';
import { registerKqlFunctions } from './kql-functions.ts';
import { openForReading } from './open-database.ts';
import { QueryGuard } from './query-guard.ts';
import { runQuery } from './run-query.ts';
import { readStatus } from './store-status.ts';
import { announce, type CallMessage, reply } from './thread-protocol.ts';

export type ReaderMethods = {
  /** `run` is a number of the caller's, which it puts into `cancelled` to stop this query. */
  run(run: number, plan: Plan, now: bigint, limits: QueryLimits): QueryResult;
  status(): StoreStatus;
};

export interface ReaderData {
  readonly dataFolder: string;
  /** One Int32 that the main thread sets to the number of a run that nobody waits for any more. */
  readonly cancelled: SharedArrayBuffer;
}

if (parentPort) runReader(parentPort, workerData as ReaderData);

function runReader(port: MessagePort, { dataFolder, cancelled }: ReaderData): void {
  let currentRun = 0;
  const cancelledRun = new Int32Array(cancelled);
  const guard = new QueryGuard(() => Atomics.load(cancelledRun, 0) === currentRun);
  const db = announce(port, () => {
    const opened = openForReading(dataFolder);
    registerKqlFunctions(opened, guard);
    return opened;
  });
  if (!db) return;

  const methods: ReaderMethods = {
    run: (run, plan, now, limits) => {
      currentRun = run;
      return runQuery(db, plan, now, limits, guard);
    },
    status: () => readStatus(db, dataFolder),
  };
  port.on('message', ({ id, method, args }: CallMessage) => {
    const call = methods[method as keyof ReaderMethods] as (...args: readonly unknown[]) => unknown;
    reply(port, id, () => call(...args));
  });
}
