import { type ColumnSpec, type TableName, tables } from '../../../parsers/record/columns.ts';
import { DOTNET_TYPES } from './cell.ts';

/** The one database that there is. */
export const DATABASE = 'certsweep';

export const tableNames = Object.keys(tables) as TableName[];

function columnsOf(table: TableName): [name: string, spec: ColumnSpec][] {
  return Object.entries(tables[table]);
}

/** Rows of `.show database schema`: DatabaseName, TableName, ColumnName, ColumnType, Folder, DocString. */
export function schemaRows(): string[][] {
  return tableNames.flatMap((table) =>
    columnsOf(table).map(([name, { type, doc }]) => [DATABASE, table, name, dotnet(type), '', doc]),
  );
}

/** A table's columns as KQL writes them: `Timestamp:datetime,DeviceId:string`. */
export function cslSchema(table: TableName): string {
  return columnsOf(table)
    .map(([name, { type }]) => `${name}:${type}`)
    .join(',');
}

/** A table as `.show table NAME schema as json` describes it. */
export function tableJson(table: TableName): string {
  return JSON.stringify(describe(table));
}

/** The database as `.show database schema as json` describes it: what editors complete names from. */
export function databaseJson(): string {
  const described = Object.fromEntries(tableNames.map((table) => [table, describe(table)]));
  const database = { Name: DATABASE, Tables: described, Functions: {} };
  return JSON.stringify({ Databases: { [DATABASE]: database } });
}

function describe(table: TableName): object {
  const OrderedColumns = columnsOf(table).map(([name, { type, doc }]) => ({
    Name: name,
    Type: dotnet(type),
    CslType: type,
    DocString: doc,
  }));
  return { Name: table, Folder: '', DocString: '', OrderedColumns };
}

function dotnet(type: ColumnSpec['type']): string {
  return `System.${DOTNET_TYPES[type]}`;
}
