import type { CellValue, ResultColumn } from '../../../parsers/kql/plan.ts';
import { printable } from '../../../parsers/record/printable.ts';
import { HttpError } from '../../http/http-error.ts';
import { cslSchema, DATABASE, databaseJson, schemaRows, tableJson, tableNames } from './schema.ts';
import type { V1Table } from './v1.ts';

/** Characters: longer than any command that is supported. */
const MAX_COMMAND_LENGTH = 1_000;

/**
 * The answer to a management command: what clients ask to show a schema. Every other command is refused by its name.
 * Throws HttpError 400. Source: Kusto documentation, "Management commands", the page of each `.show`.
 */
export function answerCommand(text: string, version: string): V1Table {
  const words = wordsOf(text);
  for (const { command, answer } of COMMANDS) {
    const pattern = command.split(' ');
    const fits =
      pattern.length === words.length &&
      pattern.every((part, index) => part === '*' || part === words[index]?.toLowerCase());
    if (fits) return answer(words[pattern.indexOf('*')] ?? '', version);
  }
  const known = COMMANDS.map(({ command }) => command.replace('*', 'NAME')).join(', ');
  throw new HttpError(400, {
    code: 'unsupported-command',
    message: `the command ${printable(words.slice(0, 3).join(' ').slice(0, 60))} is not supported; these are: ${known}`,
  });
}

/** Words in the order of the text; a name in quotes or brackets is one, without them. A last `;` is none. */
function wordsOf(text: string): string[] {
  if (text.length > MAX_COMMAND_LENGTH) {
    const message = `a command has at most ${MAX_COMMAND_LENGTH} characters`;
    throw new HttpError(400, { code: 'unsupported-command', message });
  }
  const parts = text.matchAll(/\[?"([^"]*)"\]?|\[?'([^']*)'\]?|([^\s;]+)/g);
  return [...parts].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
}

interface Command {
  /** `*` stands for a name. A database may have any: there is one, and every name means it. */
  readonly command: string;
  readonly answer: (name: string, version: string) => V1Table;
}

const DATABASE_SCHEMA = () =>
  table(
    [...strings('DatabaseName', 'TableName', 'ColumnName', 'ColumnType'), ...ABOUT],
    schemaRows(),
  );

const DATABASE_JSON = () => table(strings('DatabaseSchema'), [[databaseJson()]]);

const ABOUT = strings('Folder', 'DocString');

const COMMANDS: readonly Command[] = [
  {
    command: '.show version',
    answer: (_name, version) =>
      table(
        [
          ...strings('BuildVersion'),
          { name: 'BuildTime', type: 'datetime' },
          ...strings('ServiceType', 'ProductVersion'),
        ],
        [[version, null, 'certsweep-collector', `certsweep-collector ${version}`]],
      ),
  },
  {
    command: '.show databases',
    answer: () =>
      table(
        [
          ...strings('DatabaseName', 'PersistentStorage', 'Version'),
          { name: 'IsCurrent', type: 'bool' },
          ...strings('DatabaseAccessMode', 'PrettyName'),
        ],
        [[DATABASE, '', '', true, 'ReadOnly', '']],
      ),
  },
  {
    command: '.show tables',
    answer: () =>
      table(
        [...strings('TableName', 'DatabaseName'), ...ABOUT],
        tableNames.map((name) => [name, DATABASE, '', '']),
      ),
  },
  { command: '.show database schema', answer: DATABASE_SCHEMA },
  { command: '.show database * schema', answer: DATABASE_SCHEMA },
  { command: '.show databases schema', answer: DATABASE_SCHEMA },
  { command: '.show database schema as json', answer: DATABASE_JSON },
  { command: '.show database * schema as json', answer: DATABASE_JSON },
  { command: '.show databases schema as json', answer: DATABASE_JSON },
  { command: '.show table * schema', answer: (name) => oneTable(name, cslSchema) },
  { command: '.show table * cslschema', answer: (name) => oneTable(name, cslSchema) },
  { command: '.show table * schema as json', answer: (name) => oneTable(name, tableJson) },
  {
    command: '.show functions',
    answer: () => table([...strings('Name', 'Parameters', 'Body'), ...ABOUT], []),
  },
];

function oneTable(asked: string, schemaOf: (name: (typeof tableNames)[number]) => string): V1Table {
  const name = tableNames.find((known) => known === asked);
  if (name === undefined) {
    const message = `there is no table ${printable(asked)}; .show tables lists them`;
    throw new HttpError(400, { code: 'unknown-table', message });
  }
  return table(
    [...strings('TableName', 'Schema', 'DatabaseName'), ...ABOUT],
    [[name, schemaOf(name), DATABASE, '', '']],
  );
}

function table(columns: V1Table['columns'], rows: readonly (readonly CellValue[])[]): V1Table {
  return { columns, rows };
}

function strings(...names: string[]): ResultColumn[] {
  return names.map((name) => ({ name, type: 'string' }));
}
