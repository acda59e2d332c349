import type { QueryFinding } from './finding.ts';
import { matcherOf, operatorName, type TextTest } from './text-test.ts';

/** Columns whose values are lower-case hex of one length, and that length. Source: DESIGN of the record, columns.ts. */
const HEX_LENGTH: Readonly<Record<string, number>> = {
  DeviceId: 40,
  SHA1: 40,
  SignerHash: 40,
  IssuerHash: 40,
  SHA256: 64,
};

/** Columns that have few values. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  SignatureType: ['Embedded', 'Catalog'],
  FileKind: ['pe', 'msi', 'cab', 'catalog', 'appx', 'script'],
  DigestAlgorithm: ['md5', 'sha1', 'sha256', 'sha384', 'sha512'],
  RevocationStatus: ['not-checked', 'good', 'revoked'],
};

/** A text that no value of its column can match; undefined where one can, or nobody knows all values. */
export function fixedValueFinding(test: TextTest): QueryFinding | undefined {
  const message = hexMessage(test) ?? listMessage(test);
  if (message === undefined) return undefined;
  return { level: 'error', code: 'never-matches', start: test.start, message };
}

function hexMessage(test: TextTest): string | undefined {
  const { column, text, operator, caseSensitive } = test;
  const length = HEX_LENGTH[column];
  if (length === undefined || text === '') return undefined;
  const said = `${operatorName(test)} never finds "${text}"`;
  const digits = caseSensitive ? /^[0-9a-f]+$/ : /^[0-9a-f]+$/i;
  if (!digits.test(text)) {
    const isUpperCase = caseSensitive && /^[0-9a-f]+$/i.test(text);
    return isUpperCase
      ? `${said}: ${column} is in lower case, and this operator compares case`
      : `${said}: ${column} is ${length} hex digits`;
  }
  const wholeOnly = operator === 'has' || operator === 'equals';
  if (text.length > length || (wholeOnly && text.length < length)) {
    const why = operator === 'has' ? ', one term, and has finds whole terms: use startswith' : '';
    return `${said}: ${column} is ${length} hex digits${why}`;
  }
  return undefined;
}

function listMessage(test: TextTest): string | undefined {
  const values = VALUES[test.column];
  if (!values || test.text === '' || values.some(matcherOf(test))) return undefined;
  return `${operatorName(test)} never finds "${test.text}": ${test.column} is one of ${values.join(', ')}`;
}
