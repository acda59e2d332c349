import { describe, expect, test } from 'vitest';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { KqlError } from '../../../parsers/kql/kql-error.ts';
import { kustoForTests } from '../../kusto-sources.ts';

const T = 'DeviceFileCertificateInfo';

/** The error of a query, short: `code line:column`. */
function refusalOf(query: string): string {
  try {
    compileKql(kustoForTests(), query);
  } catch (error) {
    if (error instanceof KqlError) return `${error.code} ${error.line}:${error.column}`;
    throw error;
  }
  return 'compiled';
}

describe('what is not supported is refused with its place', () => {
  test.each([
    ['join where', `${T}\n| join (${T}) where SHA1 == 'a'`, 'unsupported-operator 2:3'],
    ['join on a calculation', `${T}\n| join (${T}) on tolower(SHA1)`, 'KS182 2:39'],
    ['join on two types', `${T}\n| join (${T}) on $left.SHA1 == $right.ReportId`, 'KS242 1:1'],
    ['union isfuzzy', `union isfuzzy=true ${T}, ${T}`, 'unsupported-operator 1:7'],
    [
      'union kind=inner of different columns',
      `union kind=inner ${T}, AgentSweepInfo`,
      'unsupported-operator 1:1',
    ],
    [
      'withsource of what is no table',
      `union withsource=S (${T} | take 1)`,
      'unsupported-operator 1:1',
    ],
    ['201 inputs of a union', `union ${`(${T}),`.repeat(200)} ${T}`, 'too-large 1:1'],
    [
      'mv-expand without a name',
      'AgentFileCertificateInfo | mv-expand parse_json(Signer)',
      'unsupported-expression 1:38',
    ],
    ['mvexpand', 'AgentFileCertificateInfo | mvexpand Rules', 'unsupported-operator 1:28'],
    ['search', `search in (${T}) 'a'`, 'unsupported-operator 1:1'],
    ['find', `find in (${T}) where Signer has 'a'`, 'unsupported-operator 1:1'],
    ['sample', `${T} | sample 3`, 'unsupported-operator 1:29'],
    [
      'mv-apply',
      'AgentFileCertificateInfo | mv-apply Rules on (take 1)',
      'unsupported-operator 1:28',
    ],
    ['top-nested', `${T} | top-nested 3 of Signer by count()`, 'unsupported-operator 1:29'],
    [
      'datatable with a value of another type',
      'datatable(a:long)["x"]',
      'unsupported-expression 1:19',
    ],
    ['datatable with half a row', 'datatable(a:long, b:long)[1]', 'KS173 1:27'],
    ['externaldata', 'externaldata(a:string)["https://x"]', 'unsupported-operator 1:1'],
    [
      'a hint',
      `${T} | summarize hint.strategy=shuffle count() by SHA1`,
      'unsupported-operator 1:39',
    ],
    ['count as', `${T} | count as N`, 'unsupported-operator 1:29'],
    ['granny-asc', `${T} | sort by SHA1 granny-asc`, 'unsupported-operator 1:37'],
    ['a management command', ' .show tables', 'unsupported-operator 1:1'],
    ['a directive', `#crp x=1\n${T}`, 'unsupported-operator 1:1'],
    ['set', `set notruncation; ${T}`, 'unsupported-operator 1:1'],
    [
      'parse_json without a name',
      `${T} | extend parse_json(Signer)`,
      'unsupported-expression 1:36',
    ],
    ['an unknown function', `${T} | where isutf8(Signer)`, 'unsupported-function 1:35'],
    [
      'an expression that RE2 does not have',
      `${T} | where Signer matches regex '(?=a)'`,
      'unsupported-expression 1:56',
    ],
    [
      'an expression from a column',
      `${T} | where Signer matches regex Issuer`,
      'unsupported-expression 1:56',
    ],
    [
      'an expression that explodes',
      `${T} | where Signer matches regex '((a{1000}){1000})'`,
      'unsupported-expression 1:56',
    ],
    [
      'an expression of too many states',
      `${T} | where Signer matches regex '${'[a-z]{1000}'.repeat(6)}'`,
      'unsupported-expression 1:56',
    ],
    [
      'a format that Kusto does not have',
      `${T} | extend X = format_datetime(Timestamp, 'yyyyy')`,
      'unsupported-expression 1:67',
    ],
    [
      'branches of two types',
      `${T} | extend X = iff(IsSigned, 1, 'a')`,
      'unsupported-expression 1:40',
    ],
    [
      'arithmetic with dynamic',
      'AgentFileCertificateInfo | extend X = Rules[0] + 1',
      'unsupported-expression 1:39',
    ],
    [
      'a dynamic beside a number',
      'AgentFileCertificateInfo | where Rules[0] == 1',
      'unsupported-expression 1:46',
    ],
    [
      'the conversion of a datetime to a number',
      `${T} | extend X = tolong(Timestamp)`,
      'unsupported-expression 1:47',
    ],
    ['a datetime in bins of a number', `${T} | extend X = bin(Timestamp, 5)`, 'KS127 1:40'],
    ['percentile', `${T} | summarize percentile(ReportId, 95)`, 'unsupported-function 1:39'],
    [
      'the deprecated argmax',
      `${T} | summarize argmax(Timestamp, SHA1)`,
      'unsupported-function 1:39',
    ],
    ['avg of a datetime', `${T} | summarize avg(Timestamp)`, 'unsupported-expression 1:43'],
    [
      'a cap that is no constant',
      `${T} | summarize make_list(ReportId, 1 + 1)`,
      'unsupported-expression 1:59',
    ],
    ['FileProfile', `${T} | invoke FileProfile(SHA1)`, 'unsupported-function 1:36'],
    ['a number beside a string', `${T} | where Signer == 5`, 'unsupported-expression 1:45'],
    [
      'a number but 0 and 1 beside a bool',
      `${T} | where IsSigned == 2`,
      'unsupported-expression 1:47',
    ],
    ['a mixed list', `${T} | where Signer in ('a', 1)`, 'unsupported-expression 1:45'],
    ['a table in a list', `${T} | where Signer in (${T})`, 'unsupported-expression 1:46'],
    [
      'a column of rows beside an aggregate',
      `${T} | summarize X = count() + ReportId`,
      'KS236 1:53',
    ],
    [
      'make_set of arrays',
      'AgentFileCertificateInfo | summarize make_set(Rules)',
      'unsupported-expression 1:47',
    ],
    [
      'two columns of one name',
      `${T} | summarize by tolower(Signer), Column1 = SHA1`,
      'unsupported-expression 1:59',
    ],
    ['a negative row count', `${T} | take -1`, 'unsupported-expression 1:34'],
    ['two queries', `${T}; ${T}`, 'unsupported-expression 1:28'],
    ['no query', 'let x = 1;', 'unsupported-expression 1:1'],
    ['nothing at all', '', 'unsupported-expression 1:1'],
    ['a function', `let f = (x: string) { ${T} }; f('a')`, 'unsupported-function 1:52'],
  ])('%s', (_name, query, refusal) => {
    expect(refusalOf(query)).toBe(refusal);
  });
});

describe('a table of Defender that we do not have is refused by name', () => {
  test.each([
    ['DeviceProcessEvents | take 1', 'foreign-table 1:1'],
    [`${T}\n| join DeviceFileEvents on SHA1`, 'foreign-table 2:8'],
    ['let P = DeviceNetworkEvents | where RemotePort == 445;\nP', 'foreign-table 1:9'],
    ['EmailEvents | count', 'foreign-table 1:1'],
    ['IdentityLogonEvents | count', 'foreign-table 1:1'],
  ])('%s', (query, refusal) => {
    expect(refusalOf(query)).toBe(refusal);
  });

  test('the message names what there is', () => {
    expect(() => compileKql(kustoForTests(), 'DeviceProcessEvents')).toThrow(
      /DeviceProcessEvents is a table of Microsoft Defender.*AgentFileCertificateInfo/,
    );
  });
});

describe("errors are Microsoft's own", () => {
  test.each([
    ['an unknown column', `${T} | where Sinner has 'x'`, 'KS142 1:35'],
    ['an unknown table', 'NoSuch | take 1', 'KS204 1:1'],
    ['a missing operand', `${T}\r\n| where Signer has`, 'KS006 2:19'],
    ['has on a number', `${T} | where ReportId has 'x'`, 'KS106 1:44'],
    ['< on strings', `${T} | where Signer < 'x'`, 'KS106 1:42'],
    ['a predicate that is no bool', `${T} | where Signer`, 'KS141 1:35'],
    ['a let declared twice', `let a = 1; let a = 2; ${T}`, 'KS201 1:16'],
    ['distinct over dynamic', 'AgentFileCertificateInfo | distinct *', 'KS116 1:37'],
    ['a column declared twice', `${T} | project Signer, Signer`, 'KS171 1:45'],
  ])('%s', (_name, query, refusal) => {
    expect(refusalOf(query)).toBe(refusal);
  });
});

describe('hostile queries', () => {
  const chain = (length: number, line: (index: number) => string) =>
    Array.from({ length }, (_, index) => `let a${index} = ${index ? line(index - 1) : '1'};`).join(
      '',
    );
  test.each([
    ['10,000 open brackets', `${T} | where ${'('.repeat(10_000)}`, 'too-deep 1:135'],
    ['100,000 or', `${T} | where IsSigned${' or IsSigned'.repeat(100_000)}`, 'too-large 1:1'],
    ['a literal of 10 MB', `${T} | where Signer has '${'a'.repeat(10_000_000)}'`, 'too-large 1:1'],
    [
      'a list of 5,000 items',
      `${T} | where ReportId in (${'1,'.repeat(4_999)}1)`,
      'too-large 1:5042',
    ],
    ['a chain of 300 or', `${T} | where IsSigned${' or IsSigned'.repeat(300)}`, 'too-deep 1:1'],
    [
      'lets that double',
      `${chain(20, (i) => `a${i}+a${i}`)}${T} | where ReportId == a19`,
      'too-large 1:21',
    ],
    [
      'lets that nest',
      `${chain(300, (i) => `a${i}+1`)}${T} | where ReportId == a299`,
      'too-deep 1:2955',
    ],
    ['quotes that do not end', "'".repeat(20_001), 'too-large 1:10001'],
    ['bars', '|'.repeat(4_000), 'KS198 1:1'],
  ])('%s', (_name, query, refusal) => {
    expect(refusalOf(query)).toBe(refusal);
  });

  test('a query just within the limits compiles', () => {
    const list = Array.from({ length: 2_000 }, (_, index) => index).join(',');
    expect(refusalOf(`${T} | where ReportId in (${list})`)).toBe('compiled');
    expect(refusalOf(`${T} | where IsSigned${' or IsSigned'.repeat(200)}`)).toBe('compiled');
  });
});
