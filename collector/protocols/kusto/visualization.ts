import type { Plan } from '../../../parsers/kql/plan.ts';

/** Kusto's names of the properties of `render`, which KQL writes in lower case. */
const TEXTS = [
  'Title',
  'XColumn',
  'XTitle',
  'YTitle',
  'XAxis',
  'YAxis',
  'Legend',
  'YSplit',
  'Kind',
];
const LISTS = ['Series', 'YColumns', 'AnomalyColumns'];

/**
 * The hint of `render` as the text of Kusto's Visualization property; what the query does not say is null.
 * Source: Kusto documentation, "render operator"; the SDKs' own test data.
 */
export function visualizationJson({ render }: Plan): string {
  const property = (name: string) => render?.properties[name.toLowerCase()] ?? null;
  return JSON.stringify({
    Visualization: render?.visualization ?? null,
    ...Object.fromEntries(TEXTS.map((name) => [name, property(name)])),
    ...Object.fromEntries(LISTS.map((name) => [name, listOf(property(name))])),
    Accumulate: property('Accumulate') === 'true',
    IsQuerySorted: false,
    Ymin: numberOf(property('Ymin')),
    Ymax: numberOf(property('Ymax')),
  });
}

function listOf(text: string | null): string[] | null {
  return text === null ? null : text.split(',').map((part) => part.trim());
}

/** Kusto writes a bound that is not set as the text NaN. */
function numberOf(text: string | null): number | 'NaN' {
  const value = Number(text ?? Number.NaN);
  return Number.isFinite(value) ? value : 'NaN';
}
