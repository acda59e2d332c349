import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hashFile } from '../../agent/inspect/hash-file.ts';
import { inspectFile } from '../../agent/inspect/inspect-file.ts';
import type { InspectOptions } from '../../agent/inspect/inspect-image.ts';
import { loadTrust, verificationContext } from '../../agent/trust/trust-material.ts';
import { nothingLeftOut } from '../../agent/walk/left-out-mounts.ts';
import { pathFilter } from '../../agent/walk/path-filter.ts';
import { resolveRoots } from '../../agent/walk/scan-roots.ts';
import { walk } from '../../agent/walk/walk.ts';
import type { DigestAlgorithm } from '../../parsers/authenticode/signature-report.ts';

/** Copies make up the number where PATH has fewer signed files. */
const FEWEST_FILES = 500;
const ROUNDS = 5;

/**
 * `npm run bench -- signatures PATH ROOTS`: CPU milliseconds that a signature costs over hashing its file, when its
 * certificates are known: what the thousandth file of a sweep costs. One thread, the best of five rounds, beside the
 * hashing alone of the same files in the same run.
 */
export async function benchSignatures(target: string, roots: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-signatures-'));
  try {
    const trust = await loadTrust({ roots: [roots] });
    const context = verificationContext(trust);
    const options = { maxFileSize: Number.MAX_SAFE_INTEGER, stopped: () => false, context };
    const originals = filesUnder(target).flatMap((file) => signedFile(file, options) ?? []);
    if (originals.length === 0) throw new Error(`no signed file under ${target}`);
    const files = copies(originals, folder);
    const signatures = files.reduce((sum, file) => sum + file.signatures, 0);
    const inspectAll = () => {
      for (const file of files) inspectFile(file.path, options);
    };
    inspectAll(); // fills the caches
    const hash = best(() => files.forEach(hashOnly));
    const inspect = best(inspectAll);
    const each = (milliseconds: number) => (milliseconds / signatures).toFixed(3);
    console.log(
      `${files.length} files, ${signatures} signatures, ${originals.length} paths, each several times`,
    );
    console.log(`hash only    ${hash.toFixed(0)} ms CPU, ${each(hash)} a signature`);
    console.log(`inspect      ${inspect.toFixed(0)} ms CPU, ${each(inspect)} a signature`);
    console.log(`over hashing ${each(inspect - hash)} ms CPU a signature`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function filesUnder(target: string): string[] {
  const tally = { entries: 0, directories: 0, count: () => {}, problem: () => {} };
  const scope = {
    filter: pathFilter([], []),
    oneFileSystem: false,
    leftOut: nothingLeftOut,
  };
  const files = walk({ ...resolveRoots([target]), ...scope }, tally);
  return [...files].filter((file) => file !== null);
}

interface SignedFile {
  readonly path: string;
  readonly signatures: number;
  /** Those that its signatures name: they are computed over all of it, beside SHA-1 and SHA-256. */
  readonly imageAlgorithms: readonly DigestAlgorithm[];
}

/** undefined where the file has no signature. */
function signedFile(path: string, options: InspectOptions): SignedFile | undefined {
  const outcome = inspectFile(path, options);
  if (outcome.kind !== 'image' || outcome.image.signatures.length === 0) return undefined;
  const { signatures } = outcome.image;
  const algorithms = signatures.flatMap(({ digestAlgorithm }) => digestAlgorithm ?? []);
  return { path, signatures: signatures.length, imageAlgorithms: [...new Set(algorithms)] };
}

/** At least 500 files, each under a path of its own. */
function copies(originals: readonly SignedFile[], folder: string): SignedFile[] {
  const rounds = Math.ceil(FEWEST_FILES / originals.length);
  const files = Array.from({ length: rounds }, () => originals).flat();
  return files.map((file, index) => {
    const copy = path.join(folder, `${index}${path.extname(file.path)}`);
    copyFileSync(file.path, copy);
    return { ...file, path: copy };
  });
}

function hashOnly({ path, imageAlgorithms }: SignedFile): void {
  const descriptor = openSync(path, 'r');
  const { size } = statSync(path);
  const request = { size, imageRanges: [{ offset: 0, size }], imageAlgorithms };
  hashFile(descriptor, request, () => false);
  closeSync(descriptor);
}

/** CPU milliseconds of the fastest of some rounds: the others waited for something. */
function best(work: () => void): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return Math.min(...rounds);
}
