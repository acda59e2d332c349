import type { ExportFormat } from './export-row.ts';

/** How an export is to be read. */
export type Sniffed =
  | { readonly kind: 'json'; readonly format: ExportFormat; readonly isLines: boolean }
  | { readonly kind: 'csv'; readonly format: ExportFormat; readonly delimiter: string };

const CSV_FORMATS: readonly ExportFormat[] = ['log-analytics-csv', 'portal-csv', 'certsweep-csv'];
const DELIMITERS = [',', ';', '\t'];

/** Says from the first bytes which format it is; `wanted` overrules what the content says. undefined where it is none. */
export function sniffFormat(head: string, wanted: ExportFormat | undefined): Sniffed | undefined {
  const text = head.trimStart();
  const isJson = text.startsWith('{') || text.startsWith('[');
  if (wanted ? !CSV_FORMATS.includes(wanted) : isJson) {
    const format = wanted ?? jsonFormat(text);
    if (!format) return undefined;
    const mayBeLines = format === 'ndjson' || format === 'eventhub';
    return { kind: 'json', format, isLines: mayBeLines && !text.startsWith('[') && isLines(text) };
  }
  const header = text.replace(/^sep=[^\n]*\n/, '').split('\n', 1)[0] ?? '';
  const format = wanted ?? csvFormat(header);
  if (!format) return undefined;
  const delimiter = DELIMITERS.toSorted(
    (a, b) => header.split(b).length - header.split(a).length,
  )[0];
  return { kind: 'csv', format, delimiter: delimiter ?? ',' };
}

/** Each key of its first object alone says it. */
const KEYS: readonly (readonly [key: string, format: ExportFormat])[] = [
  ['records', 'eventhub'],
  ['category', 'eventhub'],
  ['tables', 'log-analytics'],
  ['Schema', 'defender-api'],
  ['Results', 'defender-api'],
  ['schema', 'graph'],
  ['results', 'graph'],
  ['Timestamp', 'ndjson'],
  ['TimeGenerated', 'ndjson'],
];

function jsonFormat(text: string): ExportFormat | undefined {
  const found = KEYS.map(([key, format]) => ({ format, at: text.search(`"${key}"\\s*:`) }));
  return found.filter(({ at }) => at >= 0).toSorted((a, b) => a.at - b.at)[0]?.format;
}

/** A whole first line that is JSON; a document of one line has no second one. */
function isLines(text: string): boolean {
  const end = text.indexOf('\n');
  if (end < 0 && /^\{\s*"records"/.test(text)) return false;
  try {
    JSON.parse(end < 0 ? text : text.slice(0, end));
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return !/^\{\s*"records"/.test(text) && !/^\{\s*\r?\n/.test(text);
  }
}

function csvFormat(header: string): ExportFormat | undefined {
  if (/\bVerified\b/.test(header) && /\bScanId\b/.test(header)) return 'certsweep-csv';
  if (/\bTimeGenerated\b|\bTimestamp \[/.test(header)) return 'log-analytics-csv';
  return /\bTimestamp\b|\bDevice(?:Id|Name)\b/.test(header) ? 'portal-csv' : undefined;
}
