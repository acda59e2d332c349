/** The thread that has Microsoft's KQL parser: a second of CPU and 110 MB, so there is one, and no query waits behind it. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { KqlError } from '../../../parsers/kql/kql-error.ts';
import { loadKusto } from '../../../parsers/kql/load-kusto.ts';
import { readKustoSources } from '../../assets.ts';
import type { CompileResult } from '../../query/compile-result.ts';
import { announce, type CallMessage, reply } from './thread-protocol.ts';

export type CompilerMethods = {
  compile(query: string): CompileResult;
};

if (parentPort) runCompiler(parentPort);

function runCompiler(port: MessagePort): void {
  const kusto = announce(port, () => loadKusto(readKustoSources()));
  if (!kusto) return;
  const compile: CompilerMethods['compile'] = (query) => {
    try {
      return { kind: 'plan', plan: compileKql(kusto, query) };
    } catch (error) {
      if (!(error instanceof KqlError)) throw error;
      const { code, message, line, column } = error;
      return { kind: 'refused', code, message, line, column };
    }
  };
  port.on('message', ({ id, args }: CallMessage) => {
    reply(port, id, () => compile(String(args[0])));
  });
}
