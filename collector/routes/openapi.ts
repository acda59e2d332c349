import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { answers } from '../openapi/answers.ts';
import { openApiDocument } from '../openapi/document.ts';
import type { RouteDocs } from '../openapi/route-docs.ts';
import { collectorVersion } from '../version.ts';

const Answer = Type.Object({
  openapi: Type.String(),
  info: Type.Object({ title: Type.String(), version: Type.String() }),
  paths: Type.Record(Type.String(), Type.Unknown()),
});

/** `GET /v1/openapi.json`: every route with its bodies, answers and tokens. Without a token: it says what the program's pages say. */
export async function openApiRoute(
  server: FastifyInstance,
  { routes }: { readonly routes: readonly RouteDocs[] },
): Promise<void> {
  const schema = { summary: 'This document', response: answers(Answer) };
  server.get('/v1/openapi.json', { schema }, async () => openApiDocument(routes, collectorVersion));
}
