import { expect, test } from 'vitest';
import { visualizationJson } from '../../../collector/protocols/kusto/visualization.ts';
import { PLAN_VERSION, type Plan } from '../../../parsers/kql/plan.ts';

const plan: Plan = {
  version: PLAN_VERSION,
  root: { kind: 'table', table: 'AgentSweepInfo', columns: [], span: { start: 0, length: 0 } },
};

test('a query that does not say how it is drawn leaves it open', () => {
  expect(JSON.parse(visualizationJson(plan))).toMatchObject({
    ...{ Visualization: null, Title: null, XColumn: null, Series: null, Kind: null },
    ...{ Accumulate: false, IsQuerySorted: false, Ymin: 'NaN', Ymax: 'NaN' },
  });
});

test('the hint of render is passed on under the names of Kusto', () => {
  const properties = { title: 'Files', ycolumns: 'A, B', ymin: '0.5', accumulate: 'true' };
  const render = { visualization: 'timechart', properties };
  expect(JSON.parse(visualizationJson({ ...plan, render }))).toMatchObject({
    ...{ Visualization: 'timechart', Title: 'Files', YColumns: ['A', 'B'], Legend: null },
    ...{ Accumulate: true, Ymin: 0.5, Ymax: 'NaN' },
  });
});
