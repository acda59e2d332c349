import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type ArchitectureRules,
  complaintsAbout,
  type SourceTree,
} from './architecture/complaints.ts';

/** Which top-level folders each one may import from. Read it as the architecture. */
const mayImport = {
  parsers: ['parsers'],
  agent: ['agent', 'parsers', 'package.json'],
  collector: ['collector', 'parsers', 'package.json'],
  build: ['build', 'agent', 'collector', 'parsers', 'package.json'],
  test: ['test', 'build', 'agent', 'collector', 'parsers', 'package.json'],
};

/** Which npm packages and node: modules each one may use. build and test may use any. */
const mayUse = {
  parsers: ['node:crypto', 'node:vm', 'node:zlib', 'yaml'],
  'parsers/kql/functions/regex.ts': ['re2js'],
  agent: [
    ...['commander', 'micromatch', 'piscina', 'undici'],
    ...['node:child_process', 'node:crypto', 'node:fs', 'node:os', 'node:path', 'node:stream'],
    ...['node:sqlite', 'node:timers', 'node:tls', 'node:tty', 'node:url'],
    ...['node:util', 'node:worker_threads', 'node:zlib'],
  ],
  // The agent's configuration is YAML, its log pino's; a sweep itself needs neither.
  'agent/service/config-file.ts': ['yaml'],
  'agent/service/service-log.ts': ['pino'],
  'agent/service/sweep-timer.ts': ['node:timers'],
  'agent/service/install-source.ts': ['node:sea'],
  // Finds Microsoft's KQL parser without importing it, as the collector's does.
  'agent/assets.ts': ['node:module', 'node:sea'],
  collector: [
    ...['commander', 'fastify', 'typebox', 'yaml'],
    ...['node:crypto', 'node:fs', 'node:http', 'node:net', 'node:os', 'node:path'],
    ...['node:readline', 'node:sqlite', 'node:tls'],
    ...['node:stream', 'node:url', 'node:util', 'node:worker_threads', 'node:zlib'],
  ],
  'collector/log/collector-log.ts': ['pino'],
  'collector/commands/hunts.ts': ['node:timers'],
  'collector/findings/judge-findings.ts': ['node:timers'],
  'collector/findings/read-findings.ts': ['node:timers'],
  'collector/schedule/run-hunts.ts': ['node:timers'],
  'collector/notify/syslog-channel.ts': ['node:dgram', 'node:events'],
  'collector/notify/webhook-channel.ts': ['undici'],
  'collector/http/outgoing-dispatcher.ts': ['undici'],
  'collector/live-export/run-query.ts': ['undici'],
  'collector/live-export/ask-window.ts': ['node:timers', 'undici'],
  'collector/metrics/collector-metrics.ts': ['node:perf_hooks'],
  // Finds Microsoft's KQL parser without importing it: it is read as text and run by parsers/kql. Asks git for the commit.
  'collector/assets.ts': ['node:child_process', 'node:module', 'node:sea'],
};

const shipped = ['agent', 'collector', 'parsers'];

const rules: ArchitectureRules = {
  mayImport,
  mayUse,
  forbidden: [
    // An executable has no files beside it: what names one is in few places.
    {
      deed: 'import.meta',
      folders: shipped,
      but: [
        'agent/bin.mjs', // where an executable has an entry of its own
        'agent/start-worker.ts',
        'agent/assets.ts',
        'collector/start-worker.ts',
        'collector/assets.ts',
      ],
    },
    {
      deed: 'new Worker',
      folders: shipped,
      but: ['agent/start-worker.ts', 'collector/start-worker.ts'],
    },
    // CommonJS bundles have none.
    { deed: 'top-level await', folders: shipped },
    // The bundler sees literal imports only.
    { deed: 'computed import', folders: shipped },
    // parsers/ is pure: no environment, network, clock or chance.
    { deed: 'process', folders: ['parsers'] },
    { deed: 'fetch', folders: ['parsers'] },
    { deed: 'timers', folders: ['parsers'] },
    { deed: 'Date.now', folders: ['parsers'] },
    { deed: 'new Date()', folders: ['parsers'] },
    { deed: 'performance', folders: ['parsers'] },
    { deed: 'Math.random', folders: ['parsers'] },
    { deed: 'globalThis', folders: ['parsers'] },
    { deed: 'require', folders: ['parsers'] },
  ],
  maxLines: 300,
  generated: [],
};

test('the project keeps its architecture', () => {
  const sources = readSources();
  expect(Object.keys(sources).length).toBeGreaterThan(50);
  expect(complaintsAbout(sources, rules)).toEqual([]);
});

describe('the rules notice', () => {
  test.each([
    {
      name: 'the collector imported by the agent',
      tree: { 'agent/scan.ts': "\nimport { x } from '../collector/store.ts';" },
      complaint: 'agent/scan.ts:2 imports collector/store.ts: agent may not',
    },
    {
      name: 'the agent imported by the collector, for a type only',
      tree: { 'collector/hunt.ts': "import type { X } from '../agent/scan.ts';" },
      complaint: 'collector/hunt.ts:1 imports agent/scan.ts: collector may not',
    },
    {
      name: 'the agent imported by a parser from two folders down',
      tree: { 'parsers/pe/x.ts': "export { x } from '../../agent/scan.ts';" },
      complaint: 'parsers/pe/x.ts:1 imports agent/scan.ts: parsers may not',
    },
    {
      name: 'a lazy import',
      tree: { 'agent/cli.ts': "const f = () => import('../build/bench.ts');" },
      complaint: 'agent/cli.ts:1 imports build/bench.ts: agent may not',
    },
    {
      name: 'an import inside a type',
      tree: { 'agent/cli.ts': "let x: import('../test/corpus.ts').OracleRow;" },
      complaint: 'agent/cli.ts:1 imports test/corpus.ts: agent may not',
    },
    {
      name: 'a path out of the project',
      tree: { 'test/x.test.ts': "import '../../elsewhere/x.ts';" },
      complaint: 'test/x.test.ts:1 imports ../elsewhere/x.ts: test may not',
    },
    {
      name: 'the file system in a parser',
      tree: { 'parsers/x.ts': "import { readFileSync } from 'node:fs';" },
      complaint: 'parsers/x.ts:1 uses node:fs: parsers may not',
    },
    {
      name: "a submodule of the file system's",
      tree: { 'parsers/x.ts': "export * from 'node:fs/promises';" },
      complaint: 'parsers/x.ts:1 uses node:fs: parsers may not',
    },
    {
      name: 'a built-in without its prefix',
      tree: { 'parsers/x.ts': "import net from 'net';" },
      complaint: 'parsers/x.ts:1 uses net: parsers may not',
    },
    {
      name: 'node-forge outside build and test',
      tree: { 'agent/x.ts': "import forge from 'node-forge';" },
      complaint: 'agent/x.ts:1 uses node-forge: agent may not',
    },
    {
      name: 'a package with a scope',
      tree: { 'collector/x.ts': "import '@kusto/language-service-next/bridge.min.js';" },
      complaint: 'collector/x.ts:1 uses @kusto/language-service-next: collector may not',
    },
    {
      name: 'import.meta',
      tree: { 'agent/walk/x.ts': 'const here = import.meta.url;' },
      complaint: 'agent/walk/x.ts:1 has import.meta',
    },
    {
      name: 'a worker started elsewhere',
      tree: { 'collector/x.ts': "const f = () => new Worker('x');" },
      complaint: 'collector/x.ts:1 has new Worker',
    },
    {
      name: 'a worker started by way of a namespace',
      tree: { 'agent/x.ts': "const f = () => new threads.Worker('x');" },
      complaint: 'agent/x.ts:1 has new Worker',
    },
    {
      name: 'top-level await',
      tree: { 'collector/cli.ts': 'async function f() { await 1; }\nawait f();' },
      complaint: 'collector/cli.ts:2 has top-level await',
    },
    {
      name: 'a top-level for await',
      tree: { 'agent/cli.mjs': 'for await (const x of y) x();' },
      complaint: 'agent/cli.mjs:1 has top-level await',
    },
    {
      name: 'a top-level await using',
      tree: { 'agent/cli.ts': 'await using x = y;' },
      complaint: 'agent/cli.ts:1 has top-level await',
    },
    {
      name: 'an import that a bundler cannot see',
      tree: { 'agent/cli.ts': 'const f = (name: string) => import(name);' },
      complaint: 'agent/cli.ts:1 has computed import',
    },
    {
      name: 'the environment in a parser',
      tree: { 'parsers/x.ts': 'const f = () => process.env.HOME;' },
      complaint: 'parsers/x.ts:1 has process',
    },
    {
      name: 'the clock in a parser',
      tree: { 'parsers/x.ts': 'const f = () => Date.now();' },
      complaint: 'parsers/x.ts:1 has Date.now',
    },
    {
      name: 'a date of now in a parser',
      tree: { 'parsers/x.ts': 'const now = new Date();\nconst then = new Date(0);' },
      complaint: 'parsers/x.ts:1 has new Date()',
    },
    {
      name: 'the date as a function in a parser',
      tree: { 'parsers/x.ts': 'const now = Date();' },
      complaint: 'parsers/x.ts:1 has new Date()',
    },
    {
      name: 'chance in a parser',
      tree: { 'parsers/x.ts': 'const f = () => Math.random();' },
      complaint: 'parsers/x.ts:1 has Math.random',
    },
    {
      name: 'the network in a parser',
      tree: { 'parsers/x.ts': "const f = () => fetch('x');" },
      complaint: 'parsers/x.ts:1 has fetch',
    },
    {
      name: 'a way round by globalThis',
      tree: { 'parsers/x.ts': 'const f = () => globalThis.process;' },
      complaint: 'parsers/x.ts:1 has globalThis',
    },
    {
      name: 'a way round by require',
      tree: { 'parsers/x.ts': "const fs = require('node:fs');" },
      complaint: 'parsers/x.ts:1 has require',
    },
    {
      name: 'a module that only another file may use',
      tree: { 'collector/server.ts': "import { createRequire } from 'node:module';" },
      complaint: 'collector/server.ts:1 uses node:module: collector may not',
    },
    {
      name: 'a file that grew too long',
      tree: { 'build/x.ts': '// a line\n'.repeat(301) },
      complaint: 'build/x.ts has 301 lines, more than 300',
    },
  ])('$name', ({ tree, complaint }) => {
    expect(complaintsAbout(tree as SourceTree, rules)).toEqual([complaint]);
  });

  test.each([
    { name: 'a comment', file: 'parsers/x.ts', text: "// import 'node:fs'; process.env; await x" },
    {
      name: 'a string',
      file: 'parsers/x.ts',
      text: "const s = `import 'node:fs'; new Date()`;",
    },
    { name: 'a regular expression', file: 'parsers/x.ts', text: "const r = /import 'node:fs'/;" },
    {
      name: 'a property of that name',
      file: 'parsers/x.ts',
      text: 'const f = (x: any) => x.process;',
    },
    { name: 'a key of that name', file: 'parsers/x.ts', text: 'const x = { process: 1 };' },
    { name: 'await inside a function', file: 'agent/x.ts', text: 'const f = async () => await 1;' },
    {
      name: 'import.meta where it may be',
      file: 'agent/start-worker.ts',
      text: 'import.meta.url;',
    },
    { name: 'a package in build', file: 'build/x.ts', text: "import forge from 'node-forge';" },
    { name: '300 lines', file: 'agent/x.ts', text: '// a line\n'.repeat(300) },
  ])('but not $name', ({ file, text }) => {
    expect(complaintsAbout({ [file]: text }, rules)).toEqual([]);
  });
});

/** Every source file under the folders that the rules speak of. */
function readSources(): SourceTree {
  const top = path.join(import.meta.dirname, '..');
  const files = Object.keys(mayImport).flatMap((folder) =>
    readdirSync(path.join(top, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.[cm]?[jt]s$/.test(file))
      .map((file) => path.posix.join(folder, ...file.split(path.sep))),
  );
  return Object.fromEntries(
    files.map((file) => [file, readFileSync(path.join(top, file), 'utf8')]),
  );
}
