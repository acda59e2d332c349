import type { Plan, Scalar } from '../../../parsers/kql/plan.ts';
import type { AggregateFunction, Relation } from '../../../parsers/kql/relation.ts';

type Kind = Relation['kind'] | Scalar['kind'] | AggregateFunction | 'condition';

/** How often each kind of a plan's parts was generated. A kind that is new in a plan has to be added here, and is then asked for. */
export class PlanCoverage {
  readonly counts: Record<Kind, number> = {
    // steps
    table: 0,
    datatable: 0,
    union: 0,
    join: 0,
    materialize: 0,
    'mv-expand': 0,
    where: 0,
    extend: 0,
    project: 0,
    distinct: 0,
    summarize: 0,
    sort: 0,
    top: 0,
    take: 0,
    count: 0,
    // aggregates; `count` is one too
    min: 0,
    max: 0,
    dcount: 0,
    sum: 0,
    avg: 0,
    make_set: 0,
    make_list: 0,
    take_any: 0,
    arg_max: 0,
    arg_min: 0,
    condition: 0,
    // scalars
    literal: 0,
    column: 0,
    and: 0,
    or: 0,
    not: 0,
    compare: 0,
    between: 0,
    'string-match': 0,
    in: 0,
    arithmetic: 0,
    negate: 0,
    call: 0,
  };

  add({ root }: Plan): void {
    this.#visit(root);
  }

  missing(): string[] {
    return Object.entries(this.counts)
      .filter(([, count]) => count === 0)
      .map(([kind]) => kind);
  }

  toString(): string {
    return Object.entries(this.counts)
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', ');
  }

  /** Every object of the plan with a `kind` or an `aggregate` is one part. */
  #visit(part: unknown): void {
    if (typeof part !== 'object' || part === null) return;
    for (const [name, value] of Object.entries(part)) {
      if ((name === 'kind' || name === 'aggregate') && this.#isKind(value)) this.counts[value] += 1;
      else if (name === 'condition') this.counts.condition += 1;
      this.#visit(value);
    }
  }

  #isKind(name: unknown): name is Kind {
    return typeof name === 'string' && Object.hasOwn(this.counts, name);
  }
}
