import type { CellValue, ResultColumn } from '../../../parsers/kql/plan.ts';
import { ticksFromUnixMs } from '../../../parsers/record/datetime.ts';
import type { QueryAnswer } from '../../query/answer-query.ts';
import { DOTNET_TYPES, kustoCellV1, rowsJson } from './cell.ts';
import type { Exchange } from './exchange.ts';
import { visualizationJson } from './visualization.ts';

/** One table of an answer. */
export interface V1Table {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly CellValue[])[];
}

/**
 * Tables in the form of version 1: what a management command answers, and, with its three companions, a query.
 * Source: Kusto documentation, "Query/management HTTP response".
 */
export function tablesV1(tables: readonly V1Table[]): string {
  return `{"Tables":[${tables.map(tableV1).join(',\n')}]}\n`;
}

function tableV1({ columns, rows }: V1Table, index: number): string {
  const head = columns.map(({ name, type }) => ({
    ColumnName: name,
    DataType: DOTNET_TYPES[type],
    ColumnType: type,
  }));
  const types = columns.map(({ type }) => type);
  const text = rowsJson(rows, types, kustoCellV1);
  return `{"TableName":"Table_${index}","Columns":${JSON.stringify(head)},"Rows":${text}}`;
}

/** A query's answer: the rows, the hint of `render`, how it went, and the list of these tables, by which clients find them. */
export function answerV1({ plan, result }: QueryAnswer, exchange: Exchange, now: Date): string {
  const { clientRequestId, activityId } = exchange;
  const time = ticksFromUnixMs(now.getTime());
  const status = [time, 4n, 'Info', 0n, 'Query completed successfully', 1n];
  return tablesV1([
    result,
    { columns: [{ name: 'Value', type: 'string' }], rows: [[visualizationJson(plan)]] },
    {
      columns: STATUS_COLUMNS,
      rows: [[...status, activityId, activityId, activityId, clientRequestId]],
    },
    { columns: CONTENTS_COLUMNS, rows: CONTENTS },
  ]);
}

function strings(...names: string[]): ResultColumn[] {
  return names.map((name) => ({ name, type: 'string' }));
}

const STATUS_COLUMNS: readonly ResultColumn[] = [
  { name: 'Timestamp', type: 'datetime' },
  { name: 'Severity', type: 'long' },
  ...strings('SeverityName'),
  { name: 'StatusCode', type: 'long' },
  ...strings('StatusDescription'),
  { name: 'Count', type: 'long' },
  ...strings('RequestId', 'ActivityId', 'SubActivityId', 'ClientActivityId'),
];

const CONTENTS_COLUMNS: readonly ResultColumn[] = [
  { name: 'Ordinal', type: 'long' },
  ...strings('Kind', 'Name', 'Id', 'PrettyName'),
];

const CONTENTS: V1Table['rows'] = [
  [0n, 'QueryResult', 'PrimaryResult', '0', ''],
  [1n, 'QueryProperties', '@ExtendedProperties', '1', ''],
  [2n, 'QueryStatus', 'QueryStatus', '2', ''],
];
