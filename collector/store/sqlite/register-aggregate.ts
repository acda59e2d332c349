import type { AggregateOptions, DatabaseSync } from 'node:sqlite';
import type { QueryGuard } from './query-guard.ts';
import type { SqlValue } from './sql-value.ts';

interface Aggregate<State> {
  start(): State;
  step(state: State, ...args: SqlValue[]): State;
  result(state: State): SqlValue;
}

/** Registers an aggregate that lets the guard stop the query at each row. */
export function registerAggregate<State>(
  db: DatabaseSync,
  name: string,
  guard: QueryGuard,
  { start, step, result }: Aggregate<State>,
): void {
  const options = {
    deterministic: true,
    directOnly: true,
    useBigIntArguments: true,
    varargs: true,
    start,
    step: (state: State, ...args: SqlValue[]) => {
      guard.tick();
      return step(state, ...args);
    },
    result,
  };
  // The type allows only SQL values as the state, but SQLite never sees it: Node keeps any object.
  db.aggregate(name, options as unknown as AggregateOptions);
}
