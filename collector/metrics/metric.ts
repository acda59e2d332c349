/** Label names and values of one series. */
export type Labels = Readonly<Record<string, string>>;

/** Something that prints itself in the Prometheus text format. */
export interface Metric {
  text(): string;
}

/**
 * Series that one metric keeps. Values come from closed sets (routes, status, codes), so this is never reached; if it were,
 * further ones are counted together under `other`, so that no sender can make the collector remember without end.
 */
const MAX_SERIES = 200;

interface Series<State> {
  readonly labels: Labels;
  readonly state: State;
}

class SeriesMap<State> {
  readonly #byText = new Map<string, Series<State>>();
  readonly #fresh: () => State;

  constructor(fresh: () => State) {
    this.#fresh = fresh;
  }

  of(labels: Labels): State {
    const text = labelText(labels);
    const known = this.#byText.get(text);
    if (known) return known.state;
    if (this.#byText.size >= MAX_SERIES && !isOther(labels)) return this.of(otherOf(labels));
    const series = { labels, state: this.#fresh() };
    this.#byText.set(text, series);
    return series.state;
  }

  all(): Iterable<Series<State>> {
    return this.#byText.values();
  }
}

/** Only ever grows; a series appears with its first count. */
export class Counter implements Metric {
  readonly #name: string;
  readonly #help: string;
  readonly #series = new SeriesMap(() => ({ value: 0 }));

  constructor(name: string, help: string) {
    this.#name = name;
    this.#help = help;
  }

  add(labels: Labels = {}, amount = 1): void {
    this.#series.of(labels).value += amount;
  }

  text(): string {
    const lines = [...this.#series.all()].map(({ labels, state }) =>
      sample(this.#name, labels, state.value),
    );
    return `${heading(this.#name, this.#help, 'counter')}${lines.join('')}`;
  }
}

/** Read when it is asked for. A series whose value is undefined is left out: nobody knows it now. */
export class Gauge implements Metric {
  readonly #name: string;
  readonly #help: string;
  readonly #read: () => readonly (readonly [Labels, number | undefined])[];

  constructor(
    name: string,
    help: string,
    read: () => number | undefined | readonly (readonly [Labels, number | undefined])[],
  ) {
    this.#name = name;
    this.#help = help;
    this.#read = () => {
      const value = read();
      return typeof value === 'object' ? value : [[{}, value]];
    };
  }

  text(): string {
    const lines = this.#read().map(([labels, value]) =>
      value === undefined ? '' : sample(this.#name, labels, value),
    );
    return `${heading(this.#name, this.#help, 'gauge')}${lines.join('')}`;
  }
}

/** How long something took, in seconds. */
export class Histogram implements Metric {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #series: SeriesMap<{ sum: number; count: number; readonly buckets: number[] }>;

  /** `bounds`: upper bounds of the buckets in seconds, ascending, without infinity. */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.#name = name;
    this.#help = help;
    this.#bounds = bounds;
    this.#series = new SeriesMap(() => ({ sum: 0, count: 0, buckets: bounds.map(() => 0) }));
  }

  observe(seconds: number, labels: Labels = {}): void {
    const state = this.#series.of(labels);
    state.sum += seconds;
    state.count += 1;
    const bucket = this.#bounds.findIndex((bound) => seconds <= bound);
    if (bucket !== -1) state.buckets[bucket] = (state.buckets[bucket] ?? 0) + 1;
  }

  text(): string {
    let text = heading(this.#name, this.#help, 'histogram');
    for (const { labels, state } of this.#series.all()) {
      let below = 0;
      for (const [index, bound] of this.#bounds.entries()) {
        below += state.buckets[index] ?? 0;
        text += sample(`${this.#name}_bucket`, { ...labels, le: String(bound) }, below);
      }
      text += sample(`${this.#name}_bucket`, { ...labels, le: '+Inf' }, state.count);
      text += sample(`${this.#name}_sum`, labels, state.sum);
      text += sample(`${this.#name}_count`, labels, state.count);
    }
    return text;
  }
}

/** Source: Prometheus documentation, "Text-based format". */
function heading(name: string, help: string, type: string): string {
  const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `# HELP ${name} ${escaped}\n# TYPE ${name} ${type}\n`;
}

function sample(name: string, labels: Labels, value: number): string {
  return `${name}${labelText(labels)} ${value}\n`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

const OTHER = 'other';

function isOther(labels: Labels): boolean {
  return Object.values(labels).every((value) => value === OTHER);
}

function otherOf(labels: Labels): Labels {
  return Object.fromEntries(Object.keys(labels).map((name) => [name, OTHER]));
}
