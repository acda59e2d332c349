import { mergeStateResults } from '../state/state-result.ts';
import type { Problem } from './file-outcome.ts';
import type { BatchResult } from './open-batch.ts';

/**
 * Runs a batch so that a file costs only itself. A worker that dies, of memory or of a bug of ours, takes its batch with
 * it: the batch is halved until the file that does it stands alone, and that file becomes a problem.
 */
export async function isolateFailure(
  paths: readonly string[],
  run: (paths: string) => Promise<BatchResult>,
): Promise<BatchResult> {
  try {
    return await run(paths.join('\0'));
  } catch (error) {
    const [path, second] = paths;
    if (path === undefined) throw error;
    if (second === undefined) return failed(path, error);
    const middle = Math.ceil(paths.length / 2);
    const first = await isolateFailure(paths.slice(0, middle), run);
    return merge(first, await isolateFailure(paths.slice(middle), run));
  }
}

function failed(path: string, error: unknown): BatchResult {
  const { code = null, message } = error as NodeJS.ErrnoException;
  const reason = 'inspection-failed';
  const problem: Problem = { path, reason, code, offset: null, detail: message };
  return { files: 1, images: [], problems: [problem], otherKinds: {}, linked: [], hardLinks: 0 };
}

function merge(first: BatchResult, second: BatchResult): BatchResult {
  const otherKinds: Record<string, number> = { ...first.otherKinds };
  for (const [kind, count] of Object.entries(second.otherKinds))
    otherKinds[kind] = (otherKinds[kind] ?? 0) + count;
  return {
    files: first.files + second.files,
    images: [...first.images, ...second.images],
    problems: [...first.problems, ...second.problems],
    otherKinds,
    linked: [...first.linked, ...second.linked],
    hardLinks: first.hardLinks + second.hardLinks,
    state: mergeStateResults(first.state, second.state),
  };
}
