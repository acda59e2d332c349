import type { Random } from './random.ts';

/** Lines of KQL: what has to stand before the query, and the rows that it begins with. */
interface Source {
  readonly lets: readonly string[];
  readonly lines: readonly string[];
}

/** `table` made by chance into something with at least its columns, in which no ReportId stands for two different rows. */
export function randomSource(random: Random, table: string, predicate: () => string): Source {
  const filtered = () => `${table} | where ${predicate()}`;
  const key = random.pick(['DeviceId', 'SHA1', 'IsTrusted', 'Timestamp']);
  const lines = (...made: readonly string[]): Source => ({ lets: [], lines: made });
  return random.pick([
    ...Array.from({ length: 8 }, () => () => lines(table)),
    () => lines(table, `| join kind=${random.pick(SEMI)} (${filtered()}) on ${key}`),
    () =>
      lines(
        table,
        `| join kind=${random.pick(['inner', 'leftouter'])} (${filtered()} | distinct ${key}) on $left.${key} == $right.${key}`,
      ),
    () =>
      lines(
        table,
        `| lookup kind=${random.pick(['inner', 'leftouter'])} (${filtered()} | summarize Many = count() by ${key}) on ${key}`,
      ),
    () =>
      lines(table, `| join kind=${random.pick(['inner', 'leftouter'])} (${NAMES}) on DeviceName`),
    () => lines(`union (${filtered()}), (${filtered()})`),
    () => lines(table, '| project-reorder ReportId, Sign* | project-away CertificateSerial*'),
    () => ({ lets: [`let Few = materialize(${filtered()});`], lines: [random.pick(USES_OF_FEW)] }),
    () => ({ lets: [`let Few = ${filtered()};`], lines: [random.pick(USES_OF_FEW)] }),
  ])();
}

/** A whole query over two inputs whose answer has other columns than its tables. */
export function randomPair(random: Random, predicate: () => string): string {
  const table = () => random.pick(['AgentFileCertificateInfo', 'DeviceFileCertificateInfo']);
  const key = random.pick(['DeviceId', 'DeviceName', 'Timestamp', 'IsSigned']);
  const side = (name: string) =>
    `${table()} | where ${predicate()} | project ${key}, ${name} = ReportId`;
  const [left, right] = [side('A'), side('B')];
  return random.pick([
    () =>
      `${left}\n| join kind=${random.pick(OUTER)} (${right}) on ${key}\n| summarize N = count(), A = sum(A), B = sum(B), K = dcount(${key}) by ${key}1`,
    () => `${left}\n| join kind=${random.pick(['rightsemi', 'rightanti'])} (${right}) on ${key}`,
    () => `${left} | distinct ${key}\n| join (${right}) on ${key}`,
    () => `union (${left}), (${right})\n| summarize count(), sum(A), sum(B) by ${key}`,
    () =>
      `union withsource=Source AgentFileCertificateInfo, DeviceFileCertificateInfo\n| summarize count() by Source, ${key}`,
    () =>
      `${NAMES}\n| join kind=${random.pick(OUTER)} (${left} | extend DeviceName = 'host') on DeviceName`,
    () =>
      `${left} | extend L = pack_array(A, 'x', ${key}) | mv-expand L | summarize count() by E = tostring(L)`,
    () => `${NAMES} | where Weight > 1 or DeviceName == ''`,
  ])();
}

const SEMI = ['leftsemi', 'leftanti', 'anti'];
const OUTER = ['inner', 'leftouter', 'rightouter', 'fullouter'];
const NAMES =
  "datatable(DeviceName: string, Weight: long)['host', 1, 'HOST', 2, '', long(null), 'nobody', 4]";
const USES_OF_FEW = [
  'Few',
  'Few | join kind=leftsemi (Few | where IsTrusted) on ReportId',
  'union Few, (Few | where IsSigned)',
];
