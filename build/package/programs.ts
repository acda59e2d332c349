import { memoryOptions } from '../../agent/memory-options.ts';
import { memoryOptions as collectorMemory } from '../../collector/memory-options.ts';

/** What goes into an executable, beside Node. Paths are relative to the project. */
export interface Program {
  /** As users call it. The executables are named after it. */
  readonly name: string;
  readonly description: string;
  /**
   * The scripts that are started by name: `main`, and by its file's name without extension each that the source gives to `new Worker` or,
   * as Piscina's task, to a worker.
   */
  readonly entries: Readonly<Record<string, string>>;
  /** Files that the program reads by name when it needs them, and not before. */
  readonly assets: Readonly<Record<string, string>>;
  /** What Node would else take from its command line. */
  readonly nodeOptions: readonly string[];
}

const KUSTO = 'node_modules/@kusto/language-service-next';
/** Microsoft's KQL parser: 5.2 MB. */
const kustoAssets = {
  'bridge.min.js': `${KUSTO}/bridge.min.js`,
  'Kusto.Language.Bridge.min.js': `${KUSTO}/Kusto.Language.Bridge.min.js`,
};
const QUIET = '--disable-warning=ExperimentalWarning'; // node:sqlite

export const agent: Program = {
  name: 'certsweep',
  description: 'certsweep: finds files signed by remote-management vendors',
  entries: {
    main: 'build/package/agent-main.ts',
    worker: 'node_modules/piscina/dist/worker.js',
    'inspect-batch': 'agent/inspect/inspect-batch.ts',
  },
  assets: kustoAssets, // of scripts of its own: read for `rules check` and `scan --rules` only
  nodeOptions: [QUIET, ...memoryOptions],
};

export const collector: Program = {
  name: 'certsweep-collector',
  description: 'certsweep-collector: keeps what agents saw and answers hunting queries',
  entries: {
    main: 'build/package/collector-main.ts',
    'writer-thread': 'collector/store/sqlite/writer-thread.ts',
    'reader-thread': 'collector/store/sqlite/reader-thread.ts',
    'ingest-thread': 'collector/ingest/ingest-thread.ts',
    'compiler-thread': 'collector/store/sqlite/compiler-thread.ts',
  },
  assets: kustoAssets,
  nodeOptions: [QUIET, ...collectorMemory],
};
