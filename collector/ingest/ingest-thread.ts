/**
 * The thread that reads batches: it inflates, hashes and parses them, and hands them to the writer's thread itself, so that
 * the main thread, which all answers to queries pass, never holds a row.
 */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { buffersOf } from '../store/packed-rows.ts';
import type { BatchCall } from '../store/sqlite/packed-batch.ts';
import { announce, type CallMessage, reply } from '../store/sqlite/thread-protocol.ts';
import { readBatch } from './read-batch.ts';
import type { ReadBatch, SentBatch } from './sent-batch.ts';

export type IngestMethods = {
  /** `append` is the writer's call, which the main thread waits for: the writer answers it, and not this thread. */
  read(append: number, sent: SentBatch): ReadBatch;
};

export interface IngestData {
  /** To the writer. */
  readonly writer: MessagePort;
}

if (parentPort) runIngest(parentPort, workerData as IngestData);

function runIngest(port: MessagePort, { writer }: IngestData): void {
  announce(port, () => undefined);
  const read: IngestMethods['read'] = (append, sent) =>
    readBatch(sent, (id, rows) => {
      const { table, receivedAt, sentAt } = sent;
      const call: BatchCall = {
        id: append,
        method: 'append',
        args: [{ id, table, receivedAt, sentAt, rows }],
      };
      writer.postMessage(call, buffersOf(rows));
    });
  port.on('message', ({ id, args }: CallMessage) => {
    reply(port, id, () => read(...(args as Parameters<IngestMethods['read']>)));
  });
}
