import type { FastifyInstance, FastifySchema } from 'fastify';
import type { TokenKind } from '../doors/token.ts';

declare module 'fastify' {
  /** What a route says of itself, beside the schemas by which its requests are checked. Answers are not changed by theirs. */
  interface FastifySchema {
    /** One line: what it does. */
    readonly summary?: string;
    /** What the schemas do not say: headers, and what an answer means. */
    readonly description?: string;
    /** Whose token it takes where tokens are required; absent where it needs none. */
    readonly token?: TokenKind;
    /** A body that the route reads by itself. */
    readonly sent?: { readonly mediaType: string; readonly description: string };
  }
}

/** A route as it was registered. */
export interface RouteDocs {
  readonly method: string;
  /** With `:name` for each part that varies. */
  readonly url: string;
  readonly schema: FastifySchema;
}

/**
 * The routes that are registered after this call; the list grows until the server is ready. HEAD is left out: Fastify adds it
 * to each GET by itself.
 */
export function listRoutes(server: FastifyInstance): readonly RouteDocs[] {
  const routes: RouteDocs[] = [];
  server.addHook('onRoute', ({ method, url, schema = {} }) => {
    for (const each of [method].flat())
      if (each !== 'HEAD') routes.push({ method: each, url, schema });
  });
  // Without this Fastify would write answers by their schemas, and leave out what these do not name.
  server.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
  return routes;
}
