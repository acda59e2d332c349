import Type from 'typebox';
import { answers, EXACT, RowsAnswer } from '../../openapi/answers.ts';

/** What oneApiError() makes, for every status but 200. */
const KustoError = Type.Object(
  {
    error: Type.Object({
      code: Type.String(),
      message: Type.String(),
      '@type': Type.String(),
      '@message': Type.String(),
      '@permanent': Type.Boolean(),
      innererror: Type.Object({ code: Type.String(), message: Type.String() }),
    }),
  },
  EXACT,
);

const V1Column = Type.Object(
  { ColumnName: Type.String(), DataType: Type.String(), ColumnType: Type.String() },
  EXACT,
);

const V1Answer = Type.Object(
  {
    Tables: Type.Array(
      Type.Object(
        { TableName: Type.String(), Columns: Type.Array(V1Column), Rows: RowsAnswer },
        EXACT,
      ),
    ),
  },
  EXACT,
);

const V2Column = Type.Object({ ColumnName: Type.String(), ColumnType: Type.String() }, EXACT);

const V2Answer = Type.Array(
  Type.Union([
    Type.Object(
      {
        FrameType: Type.Literal('DataSetHeader'),
        IsProgressive: Type.Literal(false),
        Version: Type.Literal('v2.0'),
      },
      EXACT,
    ),
    Type.Object(
      {
        FrameType: Type.Literal('DataTable'),
        TableId: Type.Integer(),
        TableKind: Type.String(),
        TableName: Type.String(),
        Columns: Type.Array(V2Column),
        Rows: RowsAnswer,
      },
      EXACT,
    ),
    Type.Object(
      {
        FrameType: Type.Literal('DataSetCompletion'),
        HasErrors: Type.Boolean(),
        Cancelled: Type.Boolean(),
        OneApiErrors: Type.Optional(Type.Array(KustoError)),
      },
      EXACT,
    ),
  ]),
);

export const V1_ANSWERS = answers(V1Answer, KustoError);
export const V2_ANSWERS = answers(V2Answer, KustoError);
