import { describe, expect, test } from 'vitest';
import { MINIMAL, problemsOf } from './read-config.ts';

describe('a problem is named with file, line, column and key:', () => {
  test.each([
    {
      name: 'an unknown key',
      text: 'thread: 1',
      problem: 'c.yaml:3:1: thread: unknown key; did you mean threads?',
    },
    {
      name: 'an unknown key in a section',
      text: 'schedule:\n  evry: 24h',
      problem: 'c.yaml:4:3: schedule.evry: unknown key; did you mean schedule.every?',
    },
    {
      name: 'a key like none',
      text: 'frobnicate: 1',
      problem: 'c.yaml:3:1: frobnicate: unknown key',
    },
    {
      name: 'a section without keys',
      text: 'schedule: 24h',
      problem: 'c.yaml:3:1: schedule: has keys of its own, not a value',
    },
    {
      name: 'a key without a value',
      text: 'threads:',
      problem: 'c.yaml:3:1: threads: has no value: write one, or leave the key out',
    },
    {
      name: 'a list where one value is wanted',
      text: 'threads: [1, 2]',
      problem: 'c.yaml:3:10: threads: one value is wanted',
    },
    {
      name: 'a mapping in a list',
      text: 'exclude: [{a: 1}]',
      problem: 'c.yaml:3:11: exclude: a list of texts is wanted',
    },
    {
      name: 'an empty list',
      text: 'exclude: []',
      problem: 'c.yaml:3:10: exclude: is an empty list: leave the key out',
    },
    {
      name: 'a relative path',
      text: 'state: var/x',
      problem: 'c.yaml:3:8: state: an absolute path is wanted, not "var/x"',
    },
    {
      name: 'yes for true',
      text: 'strict: yes',
      problem: 'c.yaml:3:9: strict: true or false is wanted, not "yes"',
    },
    {
      name: 'a number with a unit that is none',
      text: 'spool_cap: 5 parsecs',
      problem:
        'c.yaml:3:12: spool_cap: a size in bytes, or such as 500MB or 2GiB is wanted, not "5 parsecs"',
    },
    {
      name: 'a duration without a unit',
      text: 'schedule: {jitter: 30}',
      problem:
        'c.yaml:3:20: schedule.jitter: a duration such as 90s, 30m, 24h or 4d is wanted, not "30"',
    },
    {
      name: 'an hour that is none',
      text: 'schedule: {at: 25:00}',
      problem: 'c.yaml:3:16: schedule.at: a time of day such as 02:30 is wanted, not "25:00"',
    },
    {
      name: 'more than a whole core',
      text: 'cpu_limit: 101',
      problem: 'c.yaml:3:12: cpu_limit: a whole number from 1 to 100 is wanted, not "101"',
    },
    {
      name: 'a device id that is none',
      text: 'device: {id: abc}',
      problem: 'c.yaml:3:14: device.id: 40 hex digits is wanted, not "abc"',
    },
    {
      name: 'a level that is none',
      text: 'log: {level: chatty}',
      problem: 'c.yaml:3:14: log.level: one of debug, info, warn, error is wanted, not "chatty"',
    },
    {
      name: 'an interval beyond resend_days',
      text: 'schedule: {every: 5d}',
      problem: expect.stringMatching(
        /^c.yaml:3:19: schedule.every: is longer than resend_days \(4\)/,
      ),
    },
    {
      name: 'a jitter beyond the interval',
      text: 'schedule: {every: 1h, jitter: 2h}',
      problem: 'c.yaml:3:31: schedule.jitter: is longer than schedule.every',
    },
    {
      name: 'a time of day for half days',
      text: 'schedule: {every: 12h, at: "02:00"}',
      problem: 'c.yaml:3:19: schedule.every: whole days are wanted where schedule.at is given',
    },
    {
      name: 'an anchor',
      text: 'roots: &a [/x]',
      problem: 'c.yaml:3:11: roots: tags and anchors are not supported',
    },
    {
      name: 'an alias',
      text: 'crl: *a',
      problem: 'c.yaml:3:6: crl: aliases are not supported',
    },
    {
      name: 'a tag',
      text: 'state: !!str /x',
      problem: 'c.yaml:3:14: state: tags and anchors are not supported',
    },
    { name: 'a key twice', text: 'paths: /x', problem: 'c.yaml:3:1: Map keys must be unique' },
    {
      name: 'what is no YAML',
      text: 'state: "x',
      problem: 'c.yaml:4:1: Missing closing "quote',
    },
  ])('$name', ({ text, problem }) => {
    expect(problemsOf(`${MINIMAL}${text}\n`)).toContainEqual(problem);
  });

  test.each([
    {
      name: 'a token in clear beyond this machine',
      text: 'paths: /x\ncollector: {url: "http://c.example"}',
      problem: 'c.yaml:2:18: collector.url: the token would cross the network in clear: use https',
    },
    {
      name: 'a password in an address, which is not repeated',
      text: 'paths: /x\ncollector: {url: "https://me:secret@c.example"}',
      problem:
        'c.yaml:2:18: collector.url: an http or https address without user and password is wanted',
    },
    {
      name: 'a required key that is missing',
      text: 'paths: /x',
      problem: 'collector.url: is missing: where the records go',
    },
    {
      name: 'a list at the top',
      text: '- a',
      problem: 'c.yaml:1:1: a mapping of keys to values is wanted',
    },
    {
      name: 'a variable',
      text: MINIMAL,
      environment: { CERTSWEEP_THREADS: '0' },
      problem: 'CERTSWEEP_THREADS: a whole number above 0 is wanted, not "0"',
    },
    {
      name: 'a flag',
      text: MINIMAL,
      flags: { 'schedule.every': ['daily'] },
      problem: '--schedule-every: a duration such as 90s, 30m, 24h or 4d is wanted, not "daily"',
    },
  ])('$name', ({ text, problem, ...more }) => {
    expect(problemsOf(text, more)).toEqual([problem]);
  });

  test('all of them, not only the first', () => {
    expect(problemsOf('threads: 0\nstrict: 1\n')).toHaveLength(4);
  });

  test('nesting without end is an error like any other', () => {
    expect(problemsOf('['.repeat(100_000)).length).toBeGreaterThan(0);
  });

  test('a text longer than a megabyte is not parsed', () => {
    expect(problemsOf('#'.repeat(1_000_001))).toEqual([
      'c.yaml:1:1: longer than 1000000 characters',
    ]);
  });
});
