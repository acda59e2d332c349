import { describe, expect, test } from 'vitest';
import { type AnsweredQuery, answerQuery } from '../../../collector/query/answer-query.ts';
import type { CompileResult } from '../../../collector/query/compile-result.ts';
import { restrictTime } from '../../../collector/query/restrict-time.ts';
import { DEFAULT_QUERY_LIMITS } from '../../../collector/store/store.ts';
import { StoreError } from '../../../collector/store/store-error.ts';
import { PLAN_VERSION, type Plan } from '../../../parsers/kql/plan.ts';
import type { Relation } from '../../../parsers/kql/relation.ts';

const span = { start: 0, length: 1 };
const columns = [{ name: 'Timestamp', type: 'datetime' }] as const;
const table: Relation = { kind: 'table', table: 'AgentSweepInfo', columns, span };
const plan: Plan = {
  version: PLAN_VERSION,
  root: { kind: 'take', input: table, count: 1, columns, span },
};
const caller = { headers: {}, ip: '127.0.0.1', method: 'POST', url: '/v1/query' };

describe('answerQuery tells what became of a query', () => {
  const rows = [[1n], [2n]];
  const refused: CompileResult = {
    kind: 'refused',
    code: 'KS142',
    message: 'no',
    line: 1,
    column: 2,
  };
  test.each([
    {
      name: 'that was answered',
      compiled: { kind: 'plan', plan } as const,
      told: { rows: 2, outcome: 'ok' },
    },
    {
      name: 'that was refused',
      compiled: refused,
      told: { rows: 0, outcome: 'KS142' },
      error: { status: 400, body: { code: 'KS142', line: 1, column: 2 } },
    },
    {
      name: 'that passed a limit',
      compiled: { kind: 'plan', plan } as const,
      fails: new StoreError('timed-out', 'slow'),
      told: { rows: 0, outcome: 'timed-out' },
      error: { code: 'timed-out' },
    },
    {
      name: 'that met a bug',
      compiled: { kind: 'plan', plan } as const,
      fails: new TypeError('bug'),
      told: { rows: 0, outcome: 'internal' },
      error: { name: 'TypeError' },
    },
  ])('$name', async ({ compiled, fails, told, error }) => {
    const answered: AnsweredQuery[] = [];
    const answer = answerQuery(
      {
        compiler: { compile: async () => compiled },
        store: {
          run: async () => {
            if (fails) throw fails;
            return { columns, rows };
          },
        },
        onAnswered: (one) => answered.push(one),
      },
      {
        caller,
        query: 'q',
        now: 0n,
        limits: DEFAULT_QUERY_LIMITS,
        signal: new AbortController().signal,
      },
    );
    if (error) await expect(answer).rejects.toMatchObject(error);
    else expect(await answer).toEqual({ plan, result: { columns, rows } });
    expect(answered).toEqual([{ caller, query: 'q', milliseconds: expect.any(Number), ...told }]);
  });
});

describe('restrictTime', () => {
  const restricted = {
    kind: 'where',
    input: table,
    columns,
    predicate: {
      kind: 'between',
      negated: false,
      low: { literal: { value: '5' } },
      high: { literal: { value: '9' } },
    },
  };
  test('puts the range directly after the table', () => {
    expect(restrictTime(plan, { from: 5n, to: 9n })).toMatchObject({
      root: { kind: 'take', count: 1, input: restricted },
    });
  });

  test('leaves a table without Timestamp, and a value that looks like a table, alone', () => {
    const other: Relation = { ...table, columns: [{ name: 'FirstSeen', type: 'datetime' }] };
    const literal = {
      kind: 'literal',
      literal: { type: 'string', value: '{"kind":"table"}' },
      type: 'string',
      span,
    } as const;
    const root: Relation = {
      kind: 'project',
      input: other,
      values: [{ name: 'x', value: literal }],
      columns,
      span,
    };
    expect(restrictTime({ ...plan, root }, { from: 5n, to: 9n }).root).toEqual(root);
  });
});
