#!/usr/bin/env node
// Plain JavaScript, so that an older Node can still read it and say what is wrong.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `certsweep needs Node 24, this is ${process.version} (${process.execPath}).\n` +
      'Start it through npm, which uses the Node 24 that `npm ci` installed: npm run -s certsweep -- --help\n',
  );
  process.exit(2);
}

// Stripping types takes 0.1 s and, in each thread, 15 MB: keep the result for the next start. Workers go by the variable.
const cache = new URL('../node_modules/.cache/certsweep', import.meta.url);
const { fileURLToPath } = process.getBuiltinModule('node:url');
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(cache);
process.getBuiltinModule('node:module').enableCompileCache(process.env.NODE_COMPILE_CACHE);

import('./cli.ts').then(({ main }) => main(process.argv));
