/**
 * NODE_... variables of the host are not ours: left in some shell they make Node load code from a cache (NODE_COMPILE_CACHE), print
 * requests with their token (NODE_DEBUG) or trust other authorities (NODE_EXTRA_CA_CERTS). Node has read them before any script of
 * ours runs, so the program starts itself once more without them.
 *
 * What Node does before that stays: NODE_V8_COVERAGE and NODE_COMPILE_CACHE get one file about this script in the folder they name,
 * and with NODE_REPL_EXTERNAL_MODULE it refuses to start.
 */
import { existsSync } from 'node:fs';

/** Finds the executable also when it was moved or deleted since it was started. */
const OWN_EXECUTABLE = '/proc/self/exe';
/** Only says that Node may start on an older Windows, or under Wine. */
const HARMLESS = 'NODE_SKIP_PLATFORM_CHECK';
/** As for any command that could not run. */
const FAILED = 2;

/** Goes on where there are none; else it does not return. To be called before anything but `--version`, which needs no second start. */
export function shedHostVariables(): void {
  const own = Object.entries(process.env).filter(([name]) => isOurs(name.toUpperCase()));
  if (own.length < Object.keys(process.env).length) startAgain(Object.fromEntries(own));
}

function isOurs(name: string): boolean {
  return !name.startsWith('NODE_') || name === HARMLESS;
}

function startAgain(env: NodeJS.ProcessEnv): never {
  const words = process.argv.slice(2); // the first two are both the executable
  if (process.platform !== 'win32' && process.execve !== undefined) {
    const file = existsSync(OWN_EXECUTABLE) ? OWN_EXECUTABLE : process.execPath;
    process.execve(file, [process.argv0, ...words], env); // does not come back
  }
  // Windows cannot put one program in the place of another. Control-C reaches both: this one then waits for the other.
  process.on('SIGINT', () => {});
  const { spawnSync } = process.getBuiltinModule('node:child_process'); // no start pays for it otherwise
  const { status, error } = spawnSync(process.execPath, words, { env, stdio: 'inherit' });
  if (error !== undefined) process.stderr.write(`cannot start again: ${error.message}\n`);
  process.exit(status ?? FAILED);
}
