/**
 * `npm run package`: agent and collector as single executables for Linux and Windows, built on Linux. The same commit gives the same
 * bytes. See docs/packaging.md.
 */
import { parseArgs } from 'node:util';
import { buildPackage } from './package/build-package.ts';

const USAGE = `usage: npm run package [-- --out DIR]

Example:
  npm run package -- --out dist
`;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'dist' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(USAGE);
} else {
  await buildPackage({ out: values.out, say: console.log });
}
