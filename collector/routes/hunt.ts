import type { FastifyInstance } from 'fastify';
import Type, { type Static } from 'typebox';
import { formatDatetime, parseDatetime, ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import type { JudgedFinding } from '../findings/judge-findings.ts';
import { goneSignal } from '../http/gone-signal.ts';
import { HttpError } from '../http/http-error.ts';
import { findBuiltInRule } from '../hunt/find-rule.ts';
import { applyWindow } from '../hunt/hunt-window.ts';
import { planOfRule } from '../hunt/rule-plan.ts';
import { runHunt } from '../hunt/run-hunt.ts';
import { readWindow } from '../hunt/window-options.ts';
import { answers, ColumnAnswer, EXACT, RowsAnswer } from '../openapi/answers.ts';
import { cellJson } from '../query/cell-json.ts';
import type { ServerOptions } from '../server.ts';
import { DEFAULT_QUERY_LIMITS } from '../store/store.ts';
import { UsageError } from '../usage-error.ts';

const Body = Type.Object(
  {
    rule: Type.String({ maxLength: 1_000, description: 'id, tool or a part of the name' }),
    window: Type.Optional(Type.String({ description: '5d, 12h or 90m before now' })),
    from: Type.Optional(Type.String()),
    to: Type.Optional(Type.String()),
    now: Type.Optional(Type.String()),
    findings: Type.Optional(Type.Boolean({ description: 'also list the files behind the rows' })),
  },
  EXACT,
);

const Time = Type.String({ format: 'date-time' });

const FindingAnswer = Type.Object(
  {
    deviceId: Type.String(),
    deviceName: Type.String(),
    machineGroup: Type.String(),
    path: Type.String(),
    sha1: Type.String(),
    sha256: Type.String(),
    grade: Type.String(),
    signer: Type.String(),
    signerHash: Type.String(),
    firstSeen: Time,
    lastSeen: Time,
    approval: Type.Enum(['approved', 'unapproved']),
    approvalId: Type.Union([Type.String(), Type.Null()]),
    refusals: Type.Array(Type.String()),
    reason: Type.String(),
  },
  EXACT,
);

const Answer = Type.Object(
  {
    rule: Type.Object({ id: Type.String(), name: Type.String() }, EXACT),
    window: Type.Object({ from: Time, to: Time }, EXACT),
    columns: Type.Array(ColumnAnswer),
    rows: RowsAnswer,
    lookAlikes: Type.Array(FindingAnswer),
    findings: Type.Optional(Type.Array(FindingAnswer)),
  },
  EXACT,
);

const schema = {
  summary: 'Run a built-in rule, and judge what it finds by the approvals',
  description:
    "The columns are the rule's own, then EverFirstSeen, WorstGrade, Approval, ApprovalId, ApprovedCount, UnapprovedCount, " +
    'LookAlikeCount. Look-alikes claim to be the tool, and are in no row.',
  token: 'reader',
  body: Body,
  response: answers(Answer),
} as const;

const BODY_LIMIT = 16 * 1024;

/** `POST /v1/hunt` with `{rule, window?, from?, to?, now?, findings?}`, as the command `hunt`. With a reader's token. */
export async function huntRoute(server: FastifyInstance, options: ServerOptions): Promise<void> {
  const { doorkeeper, store, compiler, approvals, clock } = options;
  server.post<{ Body: Static<typeof Body> }>(
    '/v1/hunt',
    {
      schema,
      bodyLimit: BODY_LIMIT,
      onRequest: async (request) => void doorkeeper.admit(request, 'reader'),
    },
    async (request, reply) => {
      const { body } = request;
      const now = readNow(body.now, clock);
      const rule = usable(() => findBuiltInRule(body.rule));
      const plan = await planOfRule(compiler, rule);
      const windowed = usable(() => applyWindow(plan, now, readWindow(body, now)));
      const run = { now, limits: DEFAULT_QUERY_LIMITS, signal: goneSignal(reply) };
      const hunted = await runHunt({ store, run }, rule, windowed, approvals.current());
      const { columns, rows } = hunted.result;
      doorkeeper.audit(request, 'read', `hunted with rule ${rule.id}: ${rows.length} rows`);
      const { from, to } = windowed.window;
      const head = JSON.stringify({
        rule: { id: rule.id, name: rule.name },
        window: { from: formatDatetime(from), to: formatDatetime(to) },
        lookAlikes: hunted.lookAlikes.map(findingAnswer),
        ...(body.findings === true && { findings: hunted.flagged.map(findingAnswer) }),
        columns,
      });
      const lines = rows.map(
        (row) =>
          `[${columns.map(({ type }, index) => cellJson(row[index] ?? null, type)).join(',')}]`,
      );
      reply.type('application/json; charset=utf-8');
      return `${head.slice(0, -1)},"rows":[${lines.join(',\n')}]}\n`;
    },
  );
}

function findingAnswer({ judgement, ...finding }: JudgedFinding): Static<typeof FindingAnswer> {
  const { deviceId, deviceName, machineGroup, path, sha1, sha256 } = finding;
  const { grade, signer, signerHash, firstSeen, lastSeen } = finding;
  return {
    ...{ deviceId, deviceName, machineGroup, path, sha1, sha256, grade, signer, signerHash },
    firstSeen: formatDatetime(firstSeen),
    lastSeen: formatDatetime(lastSeen),
    approval: judgement.state,
    approvalId: judgement.approvalId,
    refusals: [...judgement.refusals],
    reason: judgement.words,
  };
}

function readNow(text: string | undefined, clock: () => number): bigint {
  const now = text === undefined ? ticksFromUnixMs(clock()) : parseDatetime(text);
  if (now !== undefined) return now;
  throw new HttpError(400, { code: 'bad-now', message: '`now` must be an ISO 8601 date and time' });
}

/** What the command line would call wrong usage is the caller's to repair here, too. */
function usable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new HttpError(400, { code: 'bad-hunt', message: error.message });
  }
}
