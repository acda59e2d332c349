import { expect, test } from 'vitest';
import { Counter, Gauge, Histogram } from '../../../collector/metrics/metric.ts';

test('a counter prints one line for each set of labels', () => {
  const counter = new Counter('rows_total', 'Rows.');
  counter.add({ table: 'A' }, 3);
  counter.add({ table: 'B' });
  counter.add({ table: 'A' });
  expect(counter.text()).toBe(
    '# HELP rows_total Rows.\n# TYPE rows_total counter\nrows_total{table="A"} 4\nrows_total{table="B"} 1\n',
  );
});

test('what could end a label or a line is escaped', () => {
  const counter = new Counter('x_total', 'One\nline \\ here');
  counter.add({ code: 'a"b\\c\nd' });
  expect(counter.text().split('\n')).toEqual([
    '# HELP x_total One\\nline \\\\ here',
    '# TYPE x_total counter',
    'x_total{code="a\\"b\\\\c\\nd"} 1',
    '',
  ]);
});

test('a gauge is read when it is printed, and says nothing where the value is not known', () => {
  let bytes: number | undefined;
  const gauge = new Gauge('bytes', 'Bytes.', () => bytes);
  expect(gauge.text()).toBe('# HELP bytes Bytes.\n# TYPE bytes gauge\n');
  bytes = 17;
  expect(gauge.text()).toContain('\nbytes 17\n');
});

test('the buckets of a histogram hold all that took no longer', () => {
  const histogram = new Histogram('seconds', 'Time.', [0.1, 1]);
  for (const seconds of [0.1, 0.5, 0.25, 7]) histogram.observe(seconds, { outcome: 'ok' });
  expect(histogram.text().split('\n').slice(2)).toEqual([
    'seconds_bucket{outcome="ok",le="0.1"} 1',
    'seconds_bucket{outcome="ok",le="1"} 3',
    'seconds_bucket{outcome="ok",le="+Inf"} 4',
    'seconds_sum{outcome="ok"} 7.85',
    'seconds_count{outcome="ok"} 4',
    '',
  ]);
});

test('a sender who makes up values gets no series without end', () => {
  const counter = new Counter('refused_total', 'Refused.');
  for (let code = 0; code < 1000; code += 1) counter.add({ code: `code ${code}` });
  const lines = counter.text().split('\n');
  expect(lines).toHaveLength(2 + 201 + 1);
  expect(lines).toContain('refused_total{code="other"} 800');
});
