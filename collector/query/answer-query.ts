import type { Plan, QueryResult } from '../../parsers/kql/plan.ts';
import type { Caller } from '../doors/doorkeeper.ts';
import { HttpError } from '../http/http-error.ts';
import type { QueryLimits, Store } from '../store/store.ts';
import { StoreError } from '../store/store-error.ts';
import type { QueryCompiler } from './compile-result.ts';
import { restrictTime, type TimeRange } from './restrict-time.ts';

/** One query as every protocol asks it. */
export interface QueryRequest {
  readonly caller: Caller;
  /** KQL. */
  readonly query: string;
  /** now() of the query, 100 ns ticks. */
  readonly now: bigint;
  readonly limits: QueryLimits;
  /** Stops the query; the answer is then StoreError `cancelled`. */
  readonly signal: AbortSignal;
  /** Beside the query's own conditions: rows of other times are not there. */
  readonly timeRange?: TimeRange | undefined;
}

/** What became of a query, for the audit log and the metrics. */
export interface AnsweredQuery {
  readonly caller: Caller;
  readonly query: string;
  /** Of the answer; 0 where there was none. */
  readonly rows: number;
  /** From the request to the last row, waiting and compiling included. */
  readonly milliseconds: number;
  /** `ok`, else the code of KqlError, StoreError or, for anything else, `internal`. */
  readonly outcome: string;
}

export interface QueryAnswerer {
  readonly store: Pick<Store, 'run'>;
  readonly compiler: QueryCompiler;
  /** Called once a query, whatever became of it. */
  readonly onAnswered?: ((answered: AnsweredQuery) => void) | undefined;
}

/** A query's answer with the hint of its `render`, which only some protocols pass on. */
export interface QueryAnswer {
  readonly plan: Plan;
  readonly result: QueryResult;
}

/**
 * Compiles and runs one query: the one way by which a protocol gets rows. Throws HttpError 400 with Microsoft's or our
 * code, line and column where the text is refused, and StoreError where a limit is hit, the caller went away or the store
 * cannot.
 */
export async function answerQuery(
  answerer: QueryAnswerer,
  request: QueryRequest,
): Promise<QueryAnswer> {
  const { caller, query } = request;
  const started = performance.now();
  const tell = (outcome: string, rows: number) => {
    const milliseconds = performance.now() - started;
    answerer.onAnswered?.({ caller, query, rows, milliseconds, outcome });
  };
  try {
    const answer = await compileAndRun(answerer, request);
    tell('ok', answer.result.rows.length);
    return answer;
  } catch (error) {
    tell(outcomeOf(error), 0);
    throw error;
  }
}

async function compileAndRun(
  { store, compiler }: QueryAnswerer,
  { query, now, limits, signal, timeRange }: QueryRequest,
): Promise<QueryAnswer> {
  const compiled = await compiler.compile(query);
  if (compiled.kind === 'refused') {
    const { code, message, line, column } = compiled;
    throw new HttpError(400, { code, message, line, column });
  }
  const plan = timeRange ? restrictTime(compiled.plan, timeRange) : compiled.plan;
  return { plan, result: await store.run(plan, { now, limits, signal }) };
}

function outcomeOf(error: unknown): string {
  if (error instanceof HttpError) return error.body.code;
  return error instanceof StoreError ? error.code : 'internal';
}
