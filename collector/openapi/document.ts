import type { TokenKind } from '../doors/token.ts';
import type { RouteDocs } from './route-docs.ts';

const BEARER = { type: 'http', scheme: 'bearer' } as const;

/** Keys are token kinds: an operation names the kinds that it takes. */
const TOKENS: Readonly<Record<TokenKind, object>> = {
  device: { ...BEARER, description: "a device's token: sends rows of that device" },
  reader: { ...BEARER, description: "a reader's token: asks queries" },
  operator: { ...BEARER, description: "an operator's token: also lists and ends tokens" },
  key: { ...BEARER, description: 'an enrolment key: fetches the token of a device' },
};

/** The routes as an OpenAPI document. Source: OpenAPI Specification 3.1.1, "Schema" and "Path Templating". */
export function openApiDocument(routes: readonly RouteDocs[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const address = route.url.replace(/:(\w+)/g, '{$1}');
    paths[address] = { ...paths[address], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'certsweep collector',
      version,
      description:
        'Tokens are needed where the collector requires them, and for /v1/tokens and /v1/enroll always. Every answer has x-request-id; ' +
        'one that is plain (A-Z a-z 0-9 . _ -, at most 64) is taken over from the request.',
    },
    paths,
    components: { securitySchemes: TOKENS },
  };
}

function operation({ method, url, schema }: RouteDocs): object {
  const { summary, description, token, body, sent, params, querystring, response } = schema;
  const names = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
  const parameters = [
    ...names.map((name) => parameter(name, params)),
    ...queryParameters(querystring),
  ];
  const words = url.split(/\W+/).filter((word) => word !== '');
  const content = sent
    ? { [sent.mediaType]: { schema: { type: 'string', description: sent.description } } }
    : { 'application/json': { schema: body } };
  return {
    operationId: [method.toLowerCase(), ...words].join('-'),
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    ...(token && { security: kindsFor(token).map((kind) => ({ [kind]: [] })) }),
    ...(parameters.length > 0 && { parameters }),
    ...((sent || body !== undefined) && { requestBody: { required: true, content } }),
    responses: responses(response),
  };
}

/** An operator's token opens a reader's doors, too. */
function kindsFor(token: TokenKind): readonly TokenKind[] {
  return token === 'reader' ? ['reader', 'operator'] : [token];
}

function parameter(name: string, params: unknown): object {
  const { properties } = (params ?? {}) as { properties?: Readonly<Record<string, object>> };
  return { name, in: 'path', required: true, schema: properties?.[name] ?? { type: 'string' } };
}

/** Those of the address's query, all of which may be left out. */
function queryParameters(querystring: unknown): readonly object[] {
  const { properties = {} } = (querystring ?? {}) as {
    properties?: Readonly<Record<string, object>>;
  };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', schema }));
}

/** Fastify's `response`: by status a schema, or `content` by media type. */
function responses(response: unknown): object {
  const byStatus = Object.entries((response ?? {}) as Readonly<Record<string, object>>);
  return Object.fromEntries(
    byStatus.map(([status, schema]) => {
      const content = 'content' in schema ? schema.content : { 'application/json': { schema } };
      return [status, { description: DESCRIPTIONS[status] ?? 'an error', content }];
    }),
  );
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'done',
  503: 'not well, or not now',
  default: 'refused or failed: the status is 4xx or 5xx, and the error says what to do',
};
