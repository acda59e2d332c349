/** One line of a device map: the same device by its id at the collector and in exports. Ids in lower case. */
export interface MappedDevice {
  readonly agentId: string;
  readonly exportId: string;
  /** 1-based. */
  readonly line: number;
}

export interface DeviceMap {
  /** Ids that stand for one device on both sides. */
  readonly devices: readonly MappedDevice[];
  /** Lines that are not used, each with its number and why. */
  readonly problems: readonly string[];
}

/** Lines of a map; a fleet has fewer. */
const MOST_LINES = 500_000;
const ID = /^[0-9A-Za-z._-]{1,128}$/;

/**
 * Reads a CSV of two columns, the DeviceId at the collector and that in exports; a first line that says `DeviceId` is a header.
 * A line that is no such pair is a problem, and so is an id that stands for two: of those no line is used.
 */
export function parseDeviceMap(text: string): DeviceMap {
  const problems: string[] = [];
  const found: MappedDevice[] = [];
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  if (lines.length > MOST_LINES)
    return { devices: [], problems: [`more than ${MOST_LINES} lines: none is used`] };
  for (const [index, whole] of lines.entries()) {
    const line = index + 1;
    if (whole.trim() === '') continue;
    const cells = whole.split(',').map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
    const [agentId = '', exportId = ''] = cells;
    if (index === 0 && /deviceid/i.test(whole)) continue;
    if (cells.length !== 2 || !ID.test(agentId) || !ID.test(exportId)) {
      problems.push(`line ${line}: expected two ids, as in: agent DeviceId,export DeviceId`);
      continue;
    }
    found.push({ agentId: agentId.toLowerCase(), exportId: exportId.toLowerCase(), line });
  }
  const once = withoutRepeats(found, problems);
  const unusable = new Set([
    ...ambiguous(once, ({ agentId }) => agentId, 'agent', problems),
    ...ambiguous(once, ({ exportId }) => exportId, 'export', problems),
  ]);
  return { devices: once.filter((each) => !unusable.has(each)), problems };
}

/** A line that says again what another says is of no harm, and told. */
function withoutRepeats(
  found: readonly MappedDevice[],
  problems: string[],
): readonly MappedDevice[] {
  const lines = new Map<string, number>();
  return found.filter(({ agentId, exportId, line }) => {
    const key = `${agentId},${exportId}`;
    const first = lines.get(key);
    if (first === undefined) {
      lines.set(key, line);
      return true;
    }
    problems.push(`line ${line}: the same as line ${first}`);
    return false;
  });
}

function ambiguous(
  found: readonly MappedDevice[],
  idOf: (device: MappedDevice) => string,
  side: string,
  problems: string[],
): readonly MappedDevice[] {
  const byId = Map.groupBy(found, idOf);
  const several = [...byId].filter(([, devices]) => devices.length > 1);
  for (const [id, devices] of several) {
    const lines = devices.map(({ line }) => line).join(', ');
    problems.push(
      `lines ${lines}: the ${side} DeviceId ${id} stands for ${devices.length} devices, so none is used`,
    );
  }
  return several.flatMap(([, devices]) => devices);
}
