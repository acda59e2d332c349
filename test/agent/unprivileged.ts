import { statSync } from 'node:fs';
import path from 'node:path';
import { agentFile } from './run-agent.ts';

const NOBODY = 65534;
/** Read and enter, for others. */
const OTHERS = 0o005;

/**
 * The program and arguments through which a child cannot read what its user may not: for root that takes another user,
 * or, where others cannot reach this checkout, root without the two capabilities that override file modes.
 */
export function unprivileged(): string[] {
  if (process.getuid?.() !== 0) return [];
  const asNobody = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'];
  const withoutOverride = ['--bounding-set', '-dac_override,-dac_read_search'];
  const reachable = openToOthers(agentFile) && openToOthers(process.execPath);
  return ['setpriv', ...(reachable ? asNobody : withoutOverride)];
}

function openToOthers(file: string): boolean {
  const parent = path.dirname(file);
  if ((statSync(file).mode & OTHERS & ~0o001) === 0) return false;
  return parent === file || openToOthers(parent);
}
