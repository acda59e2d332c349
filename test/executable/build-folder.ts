import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Holds what tests build once a run, for all of them. Others may enter it: an unprivileged user runs what is in it. */
    readonly buildFolder: string;
  }
}

/** vitest calls it before the first test file and calls what it returns after the last one. Nothing is built here. */
export default function provideBuildFolder(project: TestProject): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'certsweep-built-'));
  chmodSync(folder, 0o755);
  project.provide('buildFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
