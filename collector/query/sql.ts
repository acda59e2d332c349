import type { SqlValue } from '../store/sqlite/sql-value.ts';

/** A piece of SQL: text with `?` marks and the values bound to them, in order. */
export interface Sql {
  readonly text: string;
  readonly values: readonly SqlValue[];
}

/**
 * SQL from a template. What stands in `${}` is SQL itself, made by bind(), identifier() or sql: there is no way to paste
 * a string.
 */
export function sql(strings: TemplateStringsArray, ...parts: readonly Sql[]): Sql {
  const text = strings.reduce((before, after, index) => before + parts[index - 1]?.text + after);
  return { text, values: parts.flatMap(({ values }) => values) };
}

/** A value, bound and never part of the text. */
export function bind(value: SqlValue): Sql {
  return { text: '?', values: [value] };
}

/** A name of ours: a column of columns.ts, a table, or an alias that the compiler made. Anything else is a bug. */
export function identifier(name: string): Sql {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new Error(`not an identifier of ours: ${name}`);
  return { text: `"${name}"`, values: [] };
}

export function joinSql(
  parts: readonly Sql[],
  separator: ', ' | ' AND ' | ' OR ' | ' UNION ALL ' | ' ',
): Sql {
  return {
    text: parts.map(({ text }) => text).join(separator),
    values: parts.flatMap(({ values }) => values),
  };
}

export const EMPTY: Sql = { text: '', values: [] };
