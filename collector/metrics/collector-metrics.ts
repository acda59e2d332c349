import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { AnsweredQuery } from '../query/answer-query.ts';
import type { AppendResult, IngestTable } from '../store/store.ts';
import { collectorVersion } from '../version.ts';
import { Counter, Gauge, Histogram, type Metric } from './metric.ts';

/** Seconds: a seed query takes 20 ms, a query may take 60 s. */
const QUERY_BOUNDS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 60];
/** Seconds: from the first byte of a batch's headers to its commit. */
const INGEST_BOUNDS = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

const name = (rest: string) => `certsweep_collector_${rest}`;

/** What the collector counts about itself. No label holds what a sender chose: tables, routes, codes and status only. */
export class CollectorMetrics {
  readonly #delay: ReturnType<typeof monitorEventLoopDelay>;
  readonly #metrics: Metric[] = [];
  readonly #preparations: (() => Promise<void>)[] = [];
  #inProgress = 0;

  readonly #rows = this.#add(
    new Counter(
      name('rows_total'),
      'Rows of acknowledged batches: stored, or known from another batch.',
    ),
  );
  readonly #batches = this.#add(
    new Counter(name('batches_total'), 'Acknowledged batches: stored, or a duplicate of one.'),
  );
  readonly #ingest = this.#add(
    new Histogram(
      name('ingest_duration_seconds'),
      'From the headers of an acknowledged batch to its commit.',
      INGEST_BOUNDS,
    ),
  );
  readonly #clocks = this.#add(
    new Counter(name('unreadable_clocks_total'), 'Batches whose certsweep-clock was no date.'),
  );
  readonly #retentions = this.#add(
    new Counter(name('retentions_total'), 'Removals of old rows by what became of them.'),
  );
  readonly #removed = this.#add(
    new Counter(name('removed_rows_total'), 'Rows that retention removed.'),
  );
  readonly #refused = this.#add(
    new Counter(name('errors_total'), 'Answers that are errors, by status and code.'),
  );
  readonly #requests = this.#add(
    new Counter(name('http_requests_total'), 'Requests by route and status.'),
  );
  readonly #queries = this.#add(
    new Counter(name('queries_total'), 'Queries by what became of them.'),
  );
  readonly #queryTime = this.#add(
    new Histogram(
      name('query_duration_seconds'),
      'From a query to its last row, waiting and compiling included.',
      QUERY_BOUNDS,
    ),
  );

  constructor() {
    this.#delay = monitorEventLoopDelay({ resolution: 20 });
    this.#delay.enable();
    const started = Date.now() / 1000;
    this.gauge('build_info', 'The version that runs.', () => [[{ version: collectorVersion }, 1]]);
    this.gauge('start_time_seconds', 'When it started, seconds since 1970.', () => started);
    this.gauge('requests_in_progress', 'Requests without an answer yet.', () => this.#inProgress);
    this.gauge('resident_memory_bytes', 'Memory of the process.', () => process.memoryUsage.rss());
    this.gauge('event_loop_delay_seconds', 'Since the last scrape: median, 99 %, longest.', () =>
      this.#eventLoopDelay(),
    );
  }

  get inProgress(): number {
    return this.#inProgress;
  }

  /** Adds what others know: disk, store, devices. */
  gauge(rest: string, help: string, read: ConstructorParameters<typeof Gauge>[2]): void {
    this.#add(new Gauge(name(rest), help, read));
  }

  batchStored(table: IngestTable, { rows, stored, duplicate }: AppendResult, seconds: number) {
    this.#batches.add({ table, outcome: duplicate ? 'duplicate' : 'stored' });
    this.#rows.add({ table, outcome: 'stored' }, stored);
    this.#rows.add({ table, outcome: 'known' }, rows - stored);
    this.#ingest.observe(seconds);
  }

  retained(outcome: 'done' | 'failed' | 'skipped', removed: number): void {
    this.#retentions.add({ outcome });
    this.#removed.add({}, removed);
  }

  unreadableClock(): void {
    this.#clocks.add();
  }

  errorAnswered(status: number, code: string): void {
    this.#refused.add({ status: String(status), code });
  }

  /** Microsoft's many codes for a query that is wrong are one outcome. */
  queryAnswered({ outcome, milliseconds }: AnsweredQuery): void {
    const label = /^KS\d+$/.test(outcome) ? 'not-kql' : outcome;
    this.#queries.add({ outcome: label });
    this.#queryTime.observe(milliseconds / 1000);
  }

  /** Counts a request in, and gives the function that counts it out. */
  requestStarted(): () => void {
    this.#inProgress += 1;
    return () => {
      this.#inProgress -= 1;
    };
  }

  requestEnded(method: string, route: string, status: string): void {
    this.#requests.add({ method, route, status });
  }

  /** Adds work that is to be done before each scrape. */
  beforeScrape(prepare: () => Promise<void>): void {
    this.#preparations.push(prepare);
  }

  /** Prometheus' text format. */
  async text(): Promise<string> {
    await Promise.all(this.#preparations.map((prepare) => prepare()));
    return this.#metrics.map((metric) => metric.text()).join('');
  }

  close(): void {
    this.#delay.disable();
  }

  #add<M extends Metric>(metric: M): M {
    this.#metrics.push(metric);
    return metric;
  }

  /** The histogram counts nanoseconds. */
  #eventLoopDelay() {
    const seconds = [
      ['0.5', this.#delay.percentile(50)],
      ['0.99', this.#delay.percentile(99)],
      ['1', this.#delay.max],
    ] as const;
    this.#delay.reset();
    return seconds.map(([quantile, ns]) => [{ quantile }, ns / 1e9] as const);
  }
}
