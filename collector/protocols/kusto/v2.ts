import type { HttpError } from '../../http/http-error.ts';
import type { QueryAnswer } from '../../query/answer-query.ts';
import { kustoCell, rowsJson } from './cell.ts';
import { oneApiError } from './error.ts';
import type { Exchange } from './exchange.ts';
import { visualizationJson } from './visualization.ts';

const HEADER = { FrameType: 'DataSetHeader', IsProgressive: false, Version: 'v2.0' };

/**
 * An answer as the frames of version 2, one a line, as Kusto's readers that stream expect them.
 * Source: Kusto documentation, "Query V2 HTTP response".
 */
export function answerV2(
  { plan, result }: QueryAnswer,
  exchange: Exchange,
  now: Date,
  milliseconds: number,
): string {
  const { columns, rows } = result;
  const types = columns.map(({ type }) => type);
  const completed = { Count: 1, Text: 'Query completed successfully' };
  const consumption = {
    ExecutionTime: milliseconds / 1000,
    dataset_statistics: [{ table_row_count: rows.length }],
  };
  const completionRows = [
    completionRow(exchange, now, [4, 'Info', 0, 'S_OK (0)', 4, 'QueryInfo'], completed),
    completionRow(
      exchange,
      now,
      [6, 'Stats', 0, 'S_OK (0)', 0, 'QueryResourceConsumption'],
      consumption,
    ),
  ];
  return frames([
    JSON.stringify(HEADER),
    table(0, 'QueryProperties', '@ExtendedProperties', PROPERTY_COLUMNS, [
      [1, 'Visualization', visualizationJson(plan)],
    ]),
    tableFrame(
      1,
      'PrimaryResult',
      'PrimaryResult',
      columns.map(({ name, type }) => [name, type]),
      rowsJson(rows, types, kustoCell),
    ),
    table(
      2,
      'QueryCompletionInformation',
      'QueryCompletionInformation',
      COMPLETION_COLUMNS,
      completionRows,
    ),
    JSON.stringify({ FrameType: 'DataSetCompletion', HasErrors: false, Cancelled: false }),
  ]);
}

/**
 * The answer where the rows passed a limit. Kusto has sent its 200 and some rows by then, and says so at the end; we have
 * sent none, so there is no PrimaryResult that could be taken for a whole one.
 * Source: Kusto documentation, "Partial query failures".
 */
export function limitExceededV2(error: HttpError, exchange: Exchange, now: Date): string {
  return frames([
    JSON.stringify(HEADER),
    JSON.stringify({
      FrameType: 'DataSetCompletion',
      HasErrors: true,
      Cancelled: false,
      OneApiErrors: [oneApiError(error, exchange, now)],
    }),
  ]);
}

function frames(list: readonly string[]): string {
  return `[${list.join('\n,')}\n]\n`;
}

type Columns = readonly (readonly [name: string, type: string])[];

const PROPERTY_COLUMNS: Columns = [
  ['TableId', 'int'],
  ['Key', 'string'],
  ['Value', 'dynamic'],
];

const COMPLETION_COLUMNS: Columns = [
  ['Timestamp', 'datetime'],
  ['ClientRequestId', 'string'],
  ['ActivityId', 'guid'],
  ['SubActivityId', 'guid'],
  ['ParentActivityId', 'guid'],
  ['Level', 'int'],
  ['LevelName', 'string'],
  ['StatusCode', 'int'],
  ['StatusCodeName', 'string'],
  ['EventType', 'int'],
  ['EventTypeName', 'string'],
  ['Payload', 'string'],
];

/** `event` is Level to EventTypeName. */
function completionRow(
  { clientRequestId, activityId }: Exchange,
  now: Date,
  event: readonly (string | number)[],
  payload: object,
): readonly (string | number)[] {
  const ids = [clientRequestId, activityId, activityId, activityId];
  return [now.toISOString(), ...ids, ...event, JSON.stringify(payload)];
}

function table(id: number, kind: string, name: string, columns: Columns, rows: unknown): string {
  return tableFrame(id, kind, name, columns, JSON.stringify(rows));
}

function tableFrame(
  id: number,
  kind: string,
  name: string,
  columns: Columns,
  rows: string,
): string {
  const head = JSON.stringify({
    FrameType: 'DataTable',
    TableId: id,
    TableKind: kind,
    TableName: name,
    Columns: columns.map(([ColumnName, ColumnType]) => ({ ColumnName, ColumnType })),
  });
  return `${head.slice(0, -1)},"Rows":${rows}}`;
}
