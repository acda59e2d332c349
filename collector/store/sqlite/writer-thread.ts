/** The thread that owns the one writing connection. */
import {
  type MessagePort,
  parentPort,
  receiveMessageOnPort,
  workerData,
} from 'node:worker_threads';
import type { AppendResult, StoreStatus } from '../store.ts';
import { type BatchMessage, BatchWriter } from './batch-writer.ts';
import { databaseFile, openForWriting } from './open-database.ts';
import { type PackedBatch, unpackBatch } from './packed-batch.ts';
import { Retention, type RetentionStep } from './retention.ts';
import { readStatus } from './store-status.ts';
import { announce, type CallMessage, post, reply } from './thread-protocol.ts';
import { WalLimit } from './wal-limit.ts';

export type WriterMethods = {
  append(batch: PackedBatch): AppendResult;
  /** Takes calls from another thread, too. They are answered to the main thread. */
  connect(from: MessagePort): void;
  /** One step of removing what is older than `before`, so that batches are written between two of them. */
  retain(before: bigint, at: bigint): RetentionStep;
  status(): StoreStatus;
  close(): void;
};

export interface WriterData {
  readonly dataFolder: string;
}

/** Batches that share one commit: what came while the last fsync ran pays for one more, not for one each. */
const GROUP = 16;

type Write = (batches: readonly BatchMessage[]) => AppendResult[];

if (parentPort) runWriter(parentPort, workerData as WriterData);

function runWriter(port: MessagePort, { dataFolder }: WriterData): void {
  const opened = announce(port, () => {
    const db = openForWriting(dataFolder);
    return { db, writer: new BatchWriter(db) };
  });
  if (!opened) return;
  const { db, writer } = opened;
  const retention = new Retention(db, writer.dictionaries);
  const wal = new WalLimit(db, databaseFile(dataFolder));
  const write: Write = (batches) => {
    wal.makeRoom();
    return writer.write(batches);
  };
  const callers = new Set([port]);
  const methods: Omit<WriterMethods, 'append'> = {
    connect: (from) => {
      callers.add(from);
      from.on('close', () => callers.delete(from));
      from.on('message', answer);
    },
    retain: (before, at) => {
      wal.makeRoom();
      return retention.step(before, at);
    },
    status: () => readStatus(db, dataFolder),
    close: () => db.close(),
  };
  port.on('message', answer);

  function answer(first: CallMessage): void {
    const calls = [first, ...waitingCalls(callers, GROUP - 1)];
    appendAll(
      port,
      write,
      calls.filter(({ method }) => method === 'append'),
    );
    for (const call of calls) {
      if (call.method === 'append') continue;
      const method = methods[call.method as keyof typeof methods] as (
        ...args: readonly unknown[]
      ) => unknown;
      reply(port, call.id, () => method(...call.args));
    }
  }
}

function appendAll(port: MessagePort, write: Write, calls: readonly CallMessage[]): void {
  if (calls.length > 1) {
    const results = tryTogether(write, calls.map(batchOf));
    if (results) {
      for (const [index, { id }] of calls.entries())
        post(port, { kind: 'result', id, value: results[index] });
      return;
    }
  }
  for (const call of calls) reply(port, call.id, () => write([batchOf(call)])[0]);
}

/** undefined where one of the batches failed and took the others back: each must then be tried, and answer, alone. */
function tryTogether(write: Write, batches: readonly BatchMessage[]): AppendResult[] | undefined {
  try {
    return write(batches);
  } catch {
    return undefined;
  }
}

function batchOf(call: CallMessage): BatchMessage {
  return unpackBatch(call.args[0] as PackedBatch);
}

/** Calls that are in the queues already, without waiting for more. */
function waitingCalls(callers: Iterable<MessagePort>, most: number): CallMessage[] {
  const calls: CallMessage[] = [];
  for (const caller of callers) {
    while (calls.length < most) {
      const waiting = receiveMessageOnPort(caller);
      if (!waiting) break;
      calls.push(waiting.message as CallMessage);
    }
  }
  return calls;
}
