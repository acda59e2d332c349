import type { Scalar } from '../../parsers/kql/plan.ts';
import { columnPlaces, type Dictionary, dictionaries } from '../store/sqlite/column-places.ts';
import { observationColumn } from '../store/sqlite/stored-time.ts';
import type { EmitContext } from './emit-context.ts';
import { emitPredicate } from './emit-scalar.ts';
import { columnsOf, conjuncts } from './scalar-columns.ts';
import { identifier, joinSql, type Sql, sql } from './sql.ts';

/** FROM and WHERE of a table with the predicates that stand directly after it, and how to read its columns. */
export interface TableSource {
  readonly from: Sql;
  readonly where: Sql;
  column(name: string): Sql;
}

/**
 * A table of KQL with the `where` steps that follow it at once.
 *
 * A predicate over one dictionary (Signer, paths, device names) is asked of the dictionary: `has` then runs once for each
 * distinct signer, and the observations are found through an index. Other predicates are asked of the joined row.
 */
export function emitTable(
  table: string,
  predicates: readonly Scalar[],
  needed: ReadonlySet<string>,
  context: EmitContext,
): TableSource {
  const plain = PLAIN_TABLES.get(table);
  if (plain) return emitPlain(plain, predicates, context);
  const canonical = table === 'DeviceFileCertificateInfo';
  if (!canonical && table !== 'AgentFileCertificateInfo')
    throw new Error(`no store has the table ${table}`);

  const terms = predicates.flatMap(conjuncts);
  const joined = new Set<Dictionary>();
  for (const name of needed) addDictionary(joined, name);
  const asked = Map.groupBy(terms, onlyDictionary);
  const where: Sql[] = [];
  for (const [dictionary, group] of asked) {
    if (dictionary) {
      const isSigned = canonical && dictionary === 'certificate' ? [SIGNED] : [];
      where.push(emitDictionaryTerms(dictionary, group, isSigned, context));
      continue;
    }
    for (const term of group) {
      for (const name of columnsOf(term)) addDictionary(joined, name);
      where.push(emitPredicate(term, observedColumn, context));
    }
  }
  if (canonical && !asked.has('certificate')) where.push(ANY_SIGNED);
  if (canonical) where.push(FIRST_OF_SIGNER);
  where.push(sql`kql_alive(o.device)`);
  return {
    from: joinSql([sql`observation AS o`, ...[...joined].map(joinDictionary)], ' '),
    where: joinSql(where, ' AND '),
    column: observedColumn,
  };
}

/** Tables that are one SQL table with the same columns, and the column that no row lacks. */
const PLAIN_TABLES: ReadonlyMap<string, PlainTable> = new Map([
  ['AgentSweepInfo', { from: sql`sweep AS s`, always: 'Timestamp' }],
  ['AgentSightingInfo', { from: sql`sighting AS s`, always: 'FirstSeen' }],
  ['AgentContactInfo', { from: sql`contact AS s`, always: 'FirstContact' }],
]);

interface PlainTable {
  readonly from: Sql;
  readonly always: string;
}

function emitPlain(
  { from, always }: PlainTable,
  predicates: readonly Scalar[],
  context: EmitContext,
): TableSource {
  const column = (name: string) => sql`s.${identifier(name)}`;
  const where = predicates.map((predicate) => emitPredicate(predicate, column, context));
  return {
    from,
    where: joinSql([...where, sql`kql_alive(${column(always)})`], ' AND '),
    column,
  };
}

const SIGNED = sql`"IsSigned" = 1`;
/** Of no use to find rows by, most are signed: the plus keeps SQLite from looking up each of them through the index. */
const ANY_SIGNED = sql`+o.certificate IN (SELECT id FROM certificate WHERE ${SIGNED})`;

/**
 * True unless the same Signer has an earlier signature of the same file in the same sighting, so that a dual-signed file
 * counts once. A row without a SignatureIndex (imports with Microsoft's 18 columns) counts as 0, the first, and stays.
 * The index is named because by (Timestamp, device) alone a sweep with one time for all its files would be searched whole.
 */
const FIRST_OF_SIGNER = sql`(COALESCE(o."SignatureIndex", 0) <= 0 OR NOT EXISTS (
  SELECT 1 FROM observation AS e INDEXED BY observation_by_certificate
  WHERE e.certificate IN (
      SELECT id FROM certificate
      WHERE "Signer" = (SELECT "Signer" FROM certificate WHERE id = o.certificate) AND "IsSigned" = 1)
    AND e."Timestamp" = o."Timestamp"
    AND e.device IN (
      SELECT id FROM device WHERE "DeviceId" = (SELECT "DeviceId" FROM device WHERE id = o.device))
    AND e.path = o.path
    AND COALESCE(e."SignatureIndex", 0) < o."SignatureIndex"
    AND (SELECT "SHA1" FROM file WHERE id = e.file) = (SELECT "SHA1" FROM file WHERE id = o.file)))`;

const placeOf = new Map<string, (typeof columnPlaces)[keyof typeof columnPlaces]>(
  Object.entries(columnPlaces),
);

/** TimeGenerated is Log Analytics' name for Timestamp. */
function storedName(name: string): string {
  return name === 'TimeGenerated' ? 'Timestamp' : name;
}

function observedColumn(name: string): Sql {
  const stored = storedName(name);
  const place = placeOf.get(stored);
  if (!place) throw new Error(`no table has the column ${name}`);
  return place === 'observation'
    ? observationColumn(sql`o`, stored)
    : sql`${identifier(place)}.${identifier(stored)}`;
}

function dictionaryOf(name: string): Dictionary | undefined {
  const place = placeOf.get(storedName(name));
  return dictionaries.find((dictionary) => dictionary === place);
}

function addDictionary(joined: Set<Dictionary>, name: string): void {
  const dictionary = dictionaryOf(name);
  if (dictionary) joined.add(dictionary);
}

/** CROSS JOIN keeps SQLite from reordering: observations first, found by time or certificate, then their dictionary rows. */
function joinDictionary(dictionary: Dictionary): Sql {
  const name = identifier(dictionary);
  return sql`CROSS JOIN ${name} ON ${name}.id = o.${name}`;
}

/** The one dictionary that holds all columns of a term; undefined where there are several, or an observation's own. */
function onlyDictionary(term: Scalar): Dictionary | undefined {
  const places = new Set([...columnsOf(term)].map(dictionaryOf));
  const [only] = places;
  return places.size === 1 ? only : undefined;
}

/** One list of ids for all that is asked of a dictionary: of several lists SQLite would take one to find rows by, and not always the short one. */
function emitDictionaryTerms(
  dictionary: Dictionary,
  terms: readonly Scalar[],
  more: readonly Sql[],
  context: EmitContext,
): Sql {
  const name = identifier(dictionary);
  const conditions = [...terms.map((term) => emitPredicate(term, identifier, context)), ...more];
  return sql`o.${name} IN (SELECT id FROM ${name} WHERE ${joinSql(conditions, ' AND ')})`;
}
