/** What goes into an executable, beside Node. Paths are relative to the project. */
export interface Program {
  /** As users call it. The executables are named after it. */
  readonly name: string;
  readonly description: string;
  readonly entry: string;
  /** The worker threads, by the name of the file that the source gives to `new Worker`. */
  readonly workers: Readonly<Record<string, string>>;
  /** Files that the program reads by name when it needs them, and not before. */
  readonly assets: Readonly<Record<string, string>>;
  /** What Node would else take from its command line. */
  readonly nodeOptions: readonly string[];
}

const KUSTO = 'node_modules/@kusto/language-service-next';
const QUIET = '--disable-warning=ExperimentalWarning'; // node:sqlite

export const agent: Program = {
  name: 'certsweep',
  description: 'certsweep: finds files signed by remote-management vendors',
  entry: 'build/package/agent-main.ts',
  workers: { 'worker.js': 'build/package/agent-worker.ts' },
  assets: {},
  nodeOptions: [QUIET, '--max-semi-space-size=1', '--optimize-for-size'],
};

export const collector: Program = {
  name: 'certsweep-collector',
  description: 'certsweep-collector: keeps what agents saw and answers hunting queries',
  entry: 'build/package/collector-main.ts',
  workers: {
    'writer-thread.ts': 'collector/store/sqlite/writer-thread.ts',
    'reader-thread.ts': 'collector/store/sqlite/reader-thread.ts',
  },
  assets: {
    'bridge.min.js': `${KUSTO}/bridge.min.js`,
    'Kusto.Language.Bridge.min.js': `${KUSTO}/Kusto.Language.Bridge.min.js`,
  },
  nodeOptions: [QUIET],
};
