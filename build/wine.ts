/**
 * `node build/wine.ts setup`: installs Wine by apt where it is missing, so that the tests can run the Windows executables.
 * Anywhere but on Debian and its kin it says that those tests are left out.
 */
import { installWine } from './wine/install-wine.ts';

const [, program, command] = process.argv;
if (program === import.meta.filename) {
  if (command === 'setup') {
    process.exitCode = installWine();
  } else {
    console.error('usage: node build/wine.ts setup');
    process.exitCode = 2;
  }
}
