#!/usr/bin/env node
// Plain JavaScript, so that an older Node can still read it and say what is wrong.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `certsweep-collector needs Node 24, this is ${process.version} (${process.execPath}).\n` +
      'Start it through npm, which uses the Node 24 that `npm ci` installed: npm run -s collector -- --help\n',
  );
  process.exit(2);
}
import('./cli.ts').then(({ main }) => main(process.argv));
