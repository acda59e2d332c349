/** Entry of the embedded worker: our task where its require finds it, then Piscina's worker, which asks for it. */
import * as inspectBatch from '../../agent/inspect/inspect-batch.ts';

Object.assign(globalThis, { embeddedTask: { __esModule: true, ...inspectBatch } });
import('piscina/worker');
