import { spawnSync } from 'node:child_process';

/** 64-bit Wine alone: the 32-bit half would need a foreign architecture. Debian 12 has Wine 8. */
const PACKAGES = ['wine', 'wine64'];
const LEFT_OUT = 'the tests of the Windows executables are LEFT OUT';

/** The version of Wine here, as `wine-8.0 (Debian 8.0~repack-4)`; undefined where it is not installed. */
export function wineVersion(): string | undefined {
  const asked = spawnSync('wine', ['--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return asked.status === 0 ? asked.stdout.trim() : undefined;
}

/** True where apt could install it. */
export function haveApt(): boolean {
  return spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * Installs Wine where it is missing. Returns the exit status for the command: 0 also where there is no apt, since that is no
 * fault of this machine, 1 where apt is there and could not.
 */
export function installWine(say: (line: string) => void = console.warn): number {
  const version = wineVersion();
  if (version !== undefined) {
    say(`certsweep: ${version} is here`);
    return 0;
  }
  if (!haveApt()) {
    say(`certsweep: neither Wine nor apt-get is here: ${LEFT_OUT}`);
    return 0;
  }
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES];
  if (process.getuid?.() !== 0) {
    say(`certsweep: Wine is not installed: ${LEFT_OUT}. As root: apt-get ${install.join(' ')}`);
    return 1;
  }
  for (const args of [['update', '-qq'], install]) {
    const { status, stderr } = spawnSync('apt-get', args, {
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status === 0) continue;
    say(`certsweep: apt-get ${args.join(' ')} failed: ${LEFT_OUT}\n${stderr}`);
    return 1;
  }
  say(`certsweep: installed ${wineVersion()}`);
  return 0;
}
