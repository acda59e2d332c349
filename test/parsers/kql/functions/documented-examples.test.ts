import { describe, expect, test } from 'vitest';
import type { CellValue } from '../../../../parsers/kql/plan.ts';
import { parseDatetime } from '../../../../parsers/record/datetime.ts';
import { valueOfExpression } from '../scalar-of.ts';

/** The datetime that a text means, in ticks. */
function at(text: string): bigint {
  const ticks = parseDatetime(text);
  if (ticks === undefined) throw new Error(`no datetime: ${text}`);
  return ticks;
}

const DAY = 864_000_000_000n;
const SECOND = 10_000_000n;

/**
 * SQL and the evaluator call the same functions, so no comparison of the two can find an error in them. These are the
 * examples of Kusto's documentation (MicrosoftDocs/dataexplorer-docs, data-explorer/kusto/query/<name>-function.md), each
 * with the answer printed there.
 */
const EXAMPLES: Readonly<Record<string, readonly (readonly [string, CellValue])[]>> = {
  'numerical operators': [
    ['1.0 / 2', 0.5],
    ['1 / 2.0', 0.5],
    ['1 / 2', 0n],
    ['14 % 12', 2n],
    ['-14 % 12', 10n],
    ['14 % -12', 2n],
    ['-14 % -12', 10n],
    ['1s * 5', 5n * SECOND],
    ['10m / 1s', 600],
  ],
  'indexof()': [
    ['indexof("abcdefg", "cde")', 2n],
    ['indexof("abcdefg", "cde", 1, 4)', 2n],
    ['indexof("abcdefg", "cde", 1, 2)', -1n],
    ['indexof("abcdefg", "cde", 3, 4)', -1n],
    ['indexof("abcdefg", "cde", -5)', 2n],
    ['indexof("abcdefg", "cde", 2, -1)', 2n],
    ['indexof("abcdefgabcdefg", "cde", 1, 10, 2)', 9n],
    ['indexof("abcdefgabcdefg", "cde", 1, -1, 3)', -1n],
  ],
  'countof()': [
    ['countof("aaa", "a")', 3n],
    ['countof("aaaa", "aa")', 3n],
    ['countof("ababa", "ab", "normal")', 2n],
    ['countof("ababa", "aba")', 2n],
    ['countof("ababa", "aba", "regex")', 1n],
    ['countof("abcabc", "a.c", "regex")', 2n],
  ],
  'substring()': [
    ['substring("123456", 1)', '23456'],
    ['substring("123456", 2, 2)', '34'],
    ['substring("ABCD", 0, 2)', 'AB'],
    ['substring("123456", -2, 2)', '56'],
  ],
  'split()': [
    ['split("aa_bb", "_")', ['aa', 'bb']],
    ['split("aaa_bbb_ccc", "_", 1)', ['bbb']],
    ['split("", "_")', ['']],
    ['split("a__b", "_")', ['a', '', 'b']],
    ['split("aabbcc", "bb")', ['aa', 'cc']],
  ],
  'strcat_delim()': [["strcat_delim('-', 1, '2', 'A', 1s)", '1-2-A-00:00:01']],
  'trim(), trim_end()': [
    ['trim("--", "--https://bing.com--")', 'https://bing.com'],
    [String.raw`trim(@"[^\w]+", "-  Te st1// $")`, 'Te st1'],
    [String.raw`trim(@"\s+", "    Hello, world!    ")`, 'Hello, world!'],
    ['trim_end(".com", "bing.com")', 'bing'],
    [String.raw`trim_end(@"[^\w]+", "-  Te st1// $")`, '-  Te st1'],
  ],
  'extract()': [
    [
      'extract("User: ([^,]+)", 1, "User: JohnDoe, Email: johndoe@example.com, Age: 29")',
      'JohnDoe',
    ],
    [String.raw`extract(@"-(\d{2})-", 1, "21-07-2023", typeof(int))`, 7n],
    [String.raw`extract(@"-(\d{2})-", 1, "none", typeof(int))`, null],
  ],
  'extract_all()': [
    [
      String.raw`extract_all(@"(\d+)", "a set of numbers: 123, 567 and 789")`,
      ['123', '567', '789'],
    ],
    [
      String.raw`extract_all(@"(\w)(\w+)(\w)", "82b8be2d-dfa7")`,
      [
        ['8', '2b8be2', 'd'],
        ['d', 'fa', '7'],
      ],
    ],
    ['extract_all("(x)", "abc")', null],
  ],
  'replace_regex()': [
    [String.raw`replace_regex("Number is 1", @"is (\d+)", @"was: \1")`, 'Number was: 1'],
  ],
  'tohex()': [
    ['tohex(256)', '100'],
    ['tohex(-256)', 'ffffffffffffff00'],
    ['tohex(256, 8)', '00000100'],
    ['tohex(256, 2)', '100'],
  ],
  'bin()': [
    ['bin(4.5, 1)', 4],
    ['bin(time(16d), 7d)', 14n * DAY],
    ['bin(datetime(1970-05-11 13:45:07), 1d)', at('1970-05-11')],
    ['bin(1, -1)', null],
  ],
  'round()': [
    ['round(2.98765, 3)', 2.988],
    ['round(2.15, 1)', 2.2],
    ['round(2.15)', 2],
    ['round(-50.55, -2)', -100],
    ['round(21.5, -1)', 20],
    ['round(1e300, 1)', 1e300], // not on its page, nor is the next: exponents in the decimal text
    ['round(1e-9, 1)', 0],
  ],
  'sign(), isfinite(), isinf()': [
    ['sign(-42)', -1],
    ['sign(0)', 0],
    ['sign(11.2)', 1],
    ['isfinite(1.0 * 1 / 0.0)', false],
    ['isinf(1.0 * -1 / 0.0)', true],
  ],
  conversions: [
    ['tolong("123") == 123', true],
    ['tobool("true")', true],
    ['tobool("false")', false],
    ['tobool(1)', true],
    ['tobool(123)', true],
    ['coalesce(tolong("not a number"), tolong("42"), 33)', 42n],
    ['max_of(10, 1, -3, 17)', 17n],
    ['max_of(int(null), 2)', 2n],
    ['max_of(1, int(null))', 1n],
    ['max_of(int(null), int(null))', null],
    ['isempty("")', true],
    ['isempty("x")', false],
    ['isempty(parse_json(""))', true],
    ['isempty(parse_json("[]"))', false],
    ['isempty(parse_json("{}"))', false],
  ],
  'gettype()': [
    ['gettype("a")', 'string'],
    ['gettype(111)', 'long'],
    ['gettype(1 == 1)', 'bool'],
    ['gettype(now())', 'datetime'],
    ['gettype(1s)', 'timespan'],
    [`gettype(parse_json(' "abc" '))`, 'string'],
    [`gettype(parse_json(' {"abc":1} '))`, 'dictionary'],
    ["gettype(parse_json(' [1, 2, 3] '))", 'array'],
    ['gettype(123.45)', 'real'],
    ["gettype(parse_json(''))", 'null'],
  ],
  'hashes and encodings': [
    ['hash_sha256("World")', '78ae647dc5544d227130a0682a51e30bc7777fbb6d8a8f17007463a3ecd1d524'],
    [
      'hash_sha256(tostring(datetime(2020-01-01)))',
      'ba666752dc1a20eb750b0eb64e780cc4c968bc9fb8813461c1d7e750f302d71d',
    ],
    ["url_encode('https://www.bing.com/hello world')", 'https%3a%2f%2fwww.bing.com%2fhello+world'],
    ["base64_encode_tostring('Kusto')", 'S3VzdG8='],
    ["base64_decode_tostring('S3VzdG8=')", 'Kusto'],
  ],
  'parse_json() and dynamic paths': [
    [`parse_json('{"duration":{"value":118.0}}').duration.value`, 118],
    [String.raw`parse_json(tostring(parse_json('{"a":123, "b":"{\\"c\\":456}"}').b)).c`, 456],
    ['parse_json("[1,2]")[-1]', 2],
    ['parse_json("no json")', 'no json'],
    [`dynamic({"a":123, "b":"hello", "c":[1,2,3], "d":{}}).c[1]`, 2],
  ],
  arrays: [
    ['array_slice(dynamic([1,2,3]), 1, 2)', [2, 3]],
    ['array_slice(dynamic([1,2,3,4,5]), 2, -1)', [3, 4, 5]],
    ['array_slice(dynamic([1,2,3,4,5]), -3, -2)', [3, 4]],
    ['array_index_of(dynamic(["this", "is", "an", "example"]), "an")', 2n],
    ['set_has_element(dynamic(["this", "is", "an", "example"]), "example")', true],
  ],
  'datetime_diff()': [
    ["datetime_diff('year', datetime(2017-01-01), datetime(2000-12-31))", 17n],
    ["datetime_diff('quarter', datetime(2017-07-01), datetime(2017-03-30))", 2n],
    ["datetime_diff('month', datetime(2017-01-01), datetime(2015-12-30))", 13n],
    ["datetime_diff('week', datetime(2017-10-29 00:00), datetime(2017-09-30 23:59))", 5n],
    ["datetime_diff('day', datetime(2017-10-29 00:00), datetime(2017-09-30 23:59))", 29n],
    ["datetime_diff('hour', datetime(2017-10-31 01:00), datetime(2017-10-30 23:59))", 2n],
    ["datetime_diff('minute', datetime(2017-10-30 23:05:01), datetime(2017-10-30 23:00:59))", 5n],
    [
      "datetime_diff('second', datetime(2017-10-30 23:00:10.100), datetime(2017-10-30 23:00:00.900))",
      10n,
    ],
    [
      "datetime_diff('millisecond', datetime(2017-10-30 23:00:00.200100), datetime(2017-10-30 23:00:00.100900))",
      100n,
    ],
    [
      "datetime_diff('microsecond', datetime(2017-10-30 23:00:00.1009001), datetime(2017-10-30 23:00:00.1008009))",
      100n,
    ],
    [
      "datetime_diff('nanosecond', datetime(2017-10-30 23:00:00.0000000), datetime(2017-10-30 23:00:00.0000007))",
      -700n,
    ],
  ],
  'datetime_add()': [
    ["datetime_add('year', -5, make_datetime(2017,1,1))", at('2012-01-01')],
    ["datetime_add('quarter', 12, make_datetime(2017,1,1))", at('2020-01-01')],
    ["datetime_add('month', -15, make_datetime(2017,1,1))", at('2015-10-01')],
    ["datetime_add('week', 100, make_datetime(2017,1,1))", at('2018-12-02')],
    ["datetime_add('second', 1, make_datetime(2017,1,1))", at('2017-01-01T00:00:01Z')],
  ],
  'datetime_part()': [
    ['datetime_part("year", datetime(2017-10-30 01:02:03.7654321))', 2017n],
    ['datetime_part("quarter", datetime(2017-10-30 01:02:03.7654321))', 4n],
    ['datetime_part("month", datetime(2017-10-30 01:02:03.7654321))', 10n],
    ['datetime_part("week_of_year", datetime(2017-10-30 01:02:03.7654321))', 44n],
    ['datetime_part("day", datetime(2017-10-30 01:02:03.7654321))', 30n],
    ['datetime_part("dayOfYear", datetime(2017-10-30 01:02:03.7654321))', 303n],
    ['datetime_part("hour", datetime(2017-10-30 01:02:03.7654321))', 1n],
    ['datetime_part("minute", datetime(2017-10-30 01:02:03.7654321))', 2n],
    ['datetime_part("second", datetime(2017-10-30 01:02:03.7654321))', 3n],
    ['datetime_part("millisecond", datetime(2017-10-30 01:02:03.7654321))', 765n],
    ['datetime_part("microsecond", datetime(2017-10-30 01:02:03.7654321))', 765432n],
    ['datetime_part("nanosecond", datetime(2017-10-30 01:02:03.7654321))', 765432100n],
  ],
  'weeks, and makers of times': [
    ['week_of_year(datetime(2020-12-31))', 53n],
    ['week_of_year(datetime(2020-06-15))', 25n],
    ['week_of_year(datetime(1970-01-01))', 1n],
    ['week_of_year(datetime(2000-01-01))', 52n],
    ['startofweek(datetime(2017-01-01 10:10:17), -1)', at('2016-12-25')],
    ['startofweek(datetime(2017-01-01 10:10:17))', at('2017-01-01')],
    ['startofweek(datetime(2017-01-01 10:10:17), 1)', at('2017-01-08')],
    ['make_datetime(2017, 10, 01, 12, 11, 0.1234567)', at('2017-10-01T12:11:00.1234567Z')],
    // Its page has 55.123 seconds, which Microsoft's analysis refuses.
    ['make_timespan(1, 12, 30, 55)', DAY + 45_055n * SECOND],
  ],
  formats: [
    [
      "format_datetime(datetime(2017-01-29 09:00:05), 'yy-MM-dd [HH:mm:ss]')",
      '17-01-29 [09:00:05]',
    ],
    [
      "format_datetime(datetime(2017-01-29 09:00:05), 'yyyy-M-dd [H:mm:ss]')",
      '2017-1-29 [9:00:05]',
    ],
    [
      "format_datetime(datetime(2017-01-29 09:00:05), 'yy-MM-dd [hh:mm:ss tt]')",
      '17-01-29 [09:00:05 AM]',
    ],
    ["format_datetime(datetime(2009-06-15T13:45:30.0001150), 'FFFFFFF')", '000115'],
    ["format_timespan(time(29.09:00:05.12345), 'dd.hh:mm:ss:FF')", '29.09:00:05:12'],
    ["format_timespan(time(29.09:00:05.12345), 'ddd.h:mm:ss [fffffff]')", '029.9:00:05 [1234500]'],
  ],
  IPv4: [
    ["ipv4_is_in_range('192.168.1.1', '192.168.1.1')", true],
    ["ipv4_is_in_range('192.168.1.1', '192.168.1.255/24')", true],
    ["ipv4_is_private('192.168.2.1')", true],
    ["ipv4_is_private('208.1.2.3')", false],
    ["ipv4_is_private('no address')", null],
  ],
};

describe.each(Object.entries(EXAMPLES))('the documentation of %s', (_name, examples) => {
  test.each(examples)('%s is %s', (expression, expected) => {
    expect(valueOfExpression(expression)).toEqual(expected);
  });
});
