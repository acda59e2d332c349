import Type, { type TSchema } from 'typebox';

/** Answers are described exactly, so that the test of real answers notices a field that nobody documented. */
export const EXACT = { additionalProperties: false } as const;

/** The error of every route of our own, as http-error.ts makes it. */
export const ErrorAnswer = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.String(),
        message: Type.String(),
        line: Type.Optional(Type.Integer({ minimum: 1, description: 'of the query or the body' })),
        column: Type.Optional(Type.Union([Type.Integer(), Type.String(), Type.Null()])),
        problems: Type.Optional(Type.Array(Type.Unknown(), { description: 'each refused row' })),
      },
      EXACT,
    ),
  },
  EXACT,
);

/** One column of an answer to a query, by its KQL type. */
export const ColumnAnswer = Type.Object({ name: Type.String(), type: Type.String() }, EXACT);

/** Rows as arrays, a value a column. */
export const RowsAnswer = Type.Array(Type.Array(Type.Unknown()));

/** `ok` for 200, `error` for every other status. */
export function answers(ok: TSchema, error: TSchema = ErrorAnswer) {
  return { 200: ok, default: error };
}
