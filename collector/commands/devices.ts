import { existsSync } from 'node:fs';
import { FLEET_LIMITS, readFleet } from '../devices/read-fleet.ts';
import { Doors } from '../doors/doors.ts';
import { doorsFile } from '../doors/open-doors.ts';
import type { TokenRow } from '../doors/token-row.ts';
import { deviceRows } from '../print/device-rows.ts';
import { deviceTable } from '../print/device-table.ts';
import { printResult, terminalWidth } from '../print/print-result.ts';
import { parseDuration } from './duration.ts';
import { type PrintOptions, readNow, withReader } from './run-kql.ts';

const MAX_SILENT_DAYS = 3_660;

/** `devices`: every device that ever sent something, and what somebody should look at. */
export async function devices(
  options: PrintOptions & { readonly silentAfter: string },
): Promise<void> {
  const { data, format, silentAfter } = options;
  const silentMs = parseDuration(silentAfter, '--silent-after', MAX_SILENT_DAYS);
  const now = readNow(options.now);
  const fleet = await withReader(data, (store) =>
    readFleet(
      { store, run: { now, limits: FLEET_LIMITS } },
      { silentAfter: BigInt(silentMs) * 10_000n, tokens: readTokens(data) },
    ),
  );
  if (format === 'table')
    process.stdout.write(deviceTable(fleet, { now, silentAfter, width: terminalWidth() }));
  else printResult(deviceRows(fleet), format);
}

/** Empty where no token was ever made: a folder may have been filled by `import`. */
function readTokens(data: string): readonly TokenRow[] {
  if (!existsSync(doorsFile(data))) return [];
  const doors = new Doors(data, Date.now);
  try {
    return doors.list();
  } finally {
    doors.close();
  }
}
