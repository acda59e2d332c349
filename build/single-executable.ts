/**
 * `node build/single-executable.ts OUT`: the agent as one executable for this platform, by Node's own single executable
 * application (SEA). Source: Node.js documentation, "Single executable applications".
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inject } from 'postject';
import { bundleAgent, WORKER_ASSET } from './single-executable/bundle.ts';

/** The name and the marker by which Node finds the blob in its own executable. */
const BLOB = 'NODE_SEA_BLOB';
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

export async function buildExecutable(out: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-sea-'));
  try {
    const { main, worker } = await bundleAgent(folder);
    const blob = path.join(folder, 'agent.blob');
    const config = path.join(folder, 'sea.json');
    writeFileSync(
      config,
      JSON.stringify({
        main,
        output: blob,
        disableExperimentalSEAWarning: true,
        execArgv: [
          '--disable-warning=ExperimentalWarning',
          '--max-semi-space-size=1',
          '--optimize-for-size',
        ],
        execArgvExtension: 'none', // NODE_OPTIONS of the host are not ours
        assets: { [WORKER_ASSET]: worker },
      }),
    );
    execFileSync(process.execPath, ['--experimental-sea-config', config], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    copyFileSync(process.execPath, out);
    chmodSync(out, 0o755);
    await inject(out, BLOB, readFileSync(blob), { sentinelFuse: FUSE });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [, program, out] = process.argv;
if (program === import.meta.filename) {
  if (out === undefined) {
    console.error('usage: node build/single-executable.ts OUT');
    process.exitCode = 2;
  } else {
    await buildExecutable(path.resolve(out));
  }
}
