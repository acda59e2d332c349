import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import { formatDatetime, ticksFromUnixMs } from '../../parsers/record/datetime.ts';
import { ApprovalError, placeWords } from '../approvals/approval-fields.ts';
import { APPROVAL_STATES, approvalRow } from '../approvals/approval-json.ts';
import { checkExpiry, readApproval } from '../approvals/read-approval.ts';
import type { TokenRow } from '../doors/token-row.ts';
import { HttpError } from '../http/http-error.ts';
import { answers, EXACT } from '../openapi/answers.ts';
import type { ServerOptions } from '../server.ts';
import { UsageError } from '../usage-error.ts';

const Params = Type.Object({ id: Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,63}$' }) });

const Texts = Type.Array(Type.String());
const Time = Type.String({ format: 'date-time' });
const NullableText = Type.Union([Type.String(), Type.Null()]);

/** readApproval() says more of each member, and is what checks it: this is for who reads the document. */
const text = {
  tool: Type.String(),
  signers: Texts,
  thumbprints: Texts,
  paths: Texts,
  sha256: Texts,
  devices: Type.Object(
    { ids: Type.Optional(Texts), names: Type.Optional(Texts), groups: Type.Optional(Texts) },
    EXACT,
  ),
  processes: Type.Array(
    Type.Object(
      { name: Type.Optional(Type.String()), parent: Type.Optional(Type.String()) },
      EXACT,
    ),
  ),
  owner: Type.String(),
  reason: Type.String(),
  ticket: Type.String(),
  expires: Type.String({ description: 'at most 365 days from now' }),
};

const Body = Type.Object(
  {
    ...text,
    signers: Type.Optional(Texts),
    thumbprints: Type.Optional(Texts),
    paths: Type.Optional(Texts),
    sha256: Type.Optional(Texts),
    processes: Type.Optional(text.processes),
  },
  EXACT,
);

const Row = Type.Object(
  {
    id: Type.String(),
    ...text,
    state: Type.Enum(APPROVAL_STATES),
    version: Type.Integer(),
    approvedAt: Time,
    approvedBy: Type.String(),
    withdrawnAt: NullableText,
    withdrawnBy: NullableText,
  },
  EXACT,
);

const List = {
  summary: 'List approvals, the last version of each, withdrawn and expired ones too',
  token: 'reader',
  response: answers(Type.Object({ approvals: Type.Array(Row) }, EXACT)),
} as const;

const Version = Type.Object(
  { action: Type.String(), at: Time, by: Type.String(), approval: Row },
  EXACT,
);

const History = {
  summary: 'List every version of an approval, the first first',
  token: 'reader',
  params: Params,
  response: answers(Type.Object({ versions: Type.Array(Version) }, EXACT)),
} as const;

const Put = {
  summary: 'Approve: make an approval, or the next version of one',
  token: 'operator',
  params: Params,
  body: Body,
  response: answers(
    Type.Object({ result: Type.Enum(['new', 'changed', 'unchanged']), approval: Row }, EXACT),
  ),
} as const;

const Withdraw = {
  summary: 'Withdraw an approval; its versions stay',
  token: 'operator',
  params: Params,
  response: answers(Type.Object({ withdrawn: Type.String() }, EXACT)),
} as const;

/** The longest that readApproval() takes is far shorter. */
const BODY_LIMIT = 256 * 1024;

type ById = { Params: { id: string } };

/**
 * `GET /v1/approvals` and `GET /v1/approvals/:id/history` with a reader's token; `PUT` and `DELETE /v1/approvals/:id` with an
 * operator's, also where a collector requires none: any local process could otherwise call an intruder's tool legitimate.
 */
export async function approvalRoutes(
  server: FastifyInstance,
  { approvals, doorkeeper, clock }: ServerOptions,
): Promise<void> {
  const asReader = async (request: FastifyRequest) => void doorkeeper.admit(request, 'reader');
  const asOperator = async (request: FastifyRequest) => void doorkeeper.demand(request, 'operator');
  const now = () => ticksFromUnixMs(clock());

  server.get('/v1/approvals', { schema: List, onRequest: asReader }, async (request) => {
    doorkeeper.audit(request, 'read', 'read the approvals');
    return { approvals: approvals.current().map((approval) => approvalRow(approval, now())) };
  });

  server.get<ById>(
    '/v1/approvals/:id/history',
    { schema: History, onRequest: asReader },
    async (request) => {
      const { id } = request.params;
      const versions = approvals.history(id);
      if (versions.length === 0) throw unknownApproval(id);
      doorkeeper.audit(request, 'read', `read the versions of approval ${id}`);
      return {
        versions: versions.map(({ action, at, by, approval }) => ({
          ...{ action, at: formatDatetime(at), by },
          approval: approvalRow(approval, now()),
        })),
      };
    },
  );

  server.put<ById & { Body: Static<typeof Body> }>(
    '/v1/approvals/:id',
    { schema: Put, bodyLimit: BODY_LIMIT, onRequest: asOperator },
    async (request) => {
      const { id } = request.params;
      const operator = doorkeeper.check(request, 'operator'); // again: it may have ended while the body came
      const at = now();
      const approval = readBody({ ...request.body, id }, at);
      const [put] = edit(() =>
        approvals.put([approval], at, nameOf(operator), (event, what) =>
          doorkeeper.audit(request, event, what),
        ),
      );
      const last = approvals.history(id).at(-1);
      if (!put || !last) throw new Error(`approval ${id} was written and is not there`);
      return { result: put.result, approval: approvalRow(last.approval, at) };
    },
  );

  server.delete<ById>(
    '/v1/approvals/:id',
    { schema: Withdraw, onRequest: asOperator },
    async (request) => {
      const { id } = request.params;
      const operator = doorkeeper.check(request, 'operator');
      const result = approvals.withdraw(id, now(), nameOf(operator), (event, what) =>
        doorkeeper.audit(request, event, what),
      );
      if (result === 'unknown') throw unknownApproval(id);
      return { withdrawn: id };
    },
  );
}

function readBody(body: object, at: bigint) {
  try {
    const approval = readApproval(body, []);
    checkExpiry(approval, at, []);
    return approval;
  } catch (error) {
    if (!(error instanceof ApprovalError)) throw error;
    const { place, message } = error;
    const where = place.length === 0 ? '' : `${placeWords(place)} `;
    throw new HttpError(400, { code: 'bad-approval', message: `${where}${message}` });
  }
}

/** That there are too many already is the caller's to mend. */
function edit<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new HttpError(409, { code: 'too-many-approvals', message: error.message });
  }
}

function nameOf({ id, name }: TokenRow): string {
  return `operator ${name} (token ${id})`;
}

function unknownApproval(id: string): HttpError {
  const message = `there is no approval ${id}: GET /v1/approvals lists them`;
  return new HttpError(404, { code: 'unknown-approval', message });
}
