import { describe, expect, test } from 'vitest';
import type { ApprovalText, ProcessCondition } from '../../../../collector/approvals/approval.ts';
import { parseApprovals } from '../../../../collector/approvals/parse-approvals.ts';
import { formatDatetime, parseDatetime } from '../../../../parsers/record/datetime.ts';
import { builtInRules } from '../../../../parsers/rules/built-in-rules.ts';
import { RuleChecker } from '../../../../parsers/rules/lint/check-rules.ts';
import { kustoForTests } from '../../../kusto-sources.ts';

const NOW = parseDatetime('2026-07-01T12:00:00Z') ?? 0n;
const known = builtInRules.flatMap(({ facts }) => facts ?? []);
const GLAVSOFT = ['GlavSoft LLC.', 'GlavSoft LLC', 'GLAVSOFT, OOO', 'GlavSoft OOO'];
const NO_COLUMNS =
  'the table has no process columns, nor any of such events: approve the files instead';
const SHIPS = 'TightVNC ships tvnserver.exe, tvnviewer.exe and hookldr.exe, and no';

/** What `rules check` makes of a text file. */
function check(text: string, file = 'notes/filter.txt') {
  const checker = new RuleChecker(kustoForTests(), known, NOW);
  const { status, findings, approval } = checker.check(file, new TextEncoder().encode(text));
  const said = findings.map(
    ({ place, level, code, message }) =>
      `${place.line}:${place.column} ${level} ${code} ${message}`,
  );
  return { status, said, approval };
}

/** The one approval of a text; the collector's own reader has to take it as it is. */
function readApproval(text: string | undefined): ApprovalText {
  const { approvals, problems } = parseApprovals(text ?? '', 'printed', NOW);
  expect(problems).toEqual([]);
  const [only, ...more] = approvals;
  if (!only || more.length > 0) throw new Error(`${approvals.length} approvals`);
  return only;
}

describe('the filters of the scenarios, word for word', () => {
  const scenarios: {
    name: string;
    file: string;
    filter: string;
    said: string[];
    id: string;
    processes: ProcessCondition[];
  }[] = [
    {
      name: 'a support desk that uses TightVNC',
      file: 'helpdesk.txt',
      filter: 'process.name != "tightvnc.exe" or process.parent.name != "tightvnc.exe"',
      said: [
        '1:1 warning filter-meaning excludes only when both hold: process.name is "tightvnc.exe" and process.parent.name is "tightvnc.exe"; "and" would exclude either',
        `1:1 error no-such-column process.name, process.parent.name: ${NO_COLUMNS}`,
        `1:1 warning program-name ${SHIPS} tightvnc.exe`,
      ],
      id: 'tightvnc-helpdesk',
      processes: [{ name: 'tvnserver.exe' }, { name: 'tvnviewer.exe' }, { name: 'hookldr.exe' }],
    },
    {
      name: 'deployment by SCCM',
      file: 'sccm.txt',
      filter: 'process.parent.name != "msiexec.exe" or process.parent.name != "sccm.exe"',
      said: [
        '1:1 error always-true this condition is always true: no process.parent.name equals both "msiexec.exe" and "sccm.exe": "and", or !in, was meant',
        `1:1 error no-such-column process.parent.name: ${NO_COLUMNS}`,
        "1:1 warning program-name the process of SCCM's client (Configuration Manager) is CcmExec.exe, not sccm.exe",
        '1:1 warning no-tool the filter names no tool: TightVNC is assumed',
      ],
      id: 'tightvnc-sccm',
      processes: [{ parent: 'msiexec.exe' }, { parent: 'CcmExec.exe' }],
    },
    {
      name: 'virtual desktops',
      file: 'vdi.txt',
      filter: 'process.name != "tightvnc.exe" or process.parent.name != "vncviewer.exe"',
      said: [
        '1:1 warning filter-meaning excludes only when both hold: process.name is "tightvnc.exe" and process.parent.name is "vncviewer.exe"; "and" would exclude either',
        `1:1 error no-such-column process.name, process.parent.name: ${NO_COLUMNS}`,
        `1:1 warning program-name ${SHIPS} tightvnc.exe`,
        `1:1 warning program-name ${SHIPS} vncviewer.exe`,
      ],
      id: 'tightvnc-vdi',
      processes: [
        { name: 'tvnserver.exe', parent: 'tvnviewer.exe' },
        { name: 'tvnviewer.exe', parent: 'tvnviewer.exe' },
        { name: 'hookldr.exe', parent: 'tvnviewer.exe' },
      ],
    },
  ];

  test.each(scenarios)('$name', ({ file, filter, said, id, processes }) => {
    const { approval, ...rest } = check(filter, file);
    expect(rest).toEqual({ status: 'errors', said });
    const { expires, ...read } = readApproval(approval);
    expect(read).toEqual({
      id,
      tool: 'TightVNC',
      signers: GLAVSOFT,
      thumbprints: [],
      paths: ['C:\\Program Files\\TightVNC\\**', 'C:\\Program Files (x86)\\TightVNC\\**'],
      sha256: [],
      devices: { ids: [], names: ['REPLACE-*'], groups: [] },
      processes,
      owner: 'REPLACE: who answers for it',
      reason: 'REPLACE: what it is used for',
      ticket: 'REPLACE: where it was agreed',
    });
    expect(formatDatetime(expires)).toMatch(/^2026-09-30T00:00:00/); // the end of the 90th day
  });
});

describe('says what a filter does:', () => {
  test.each([
    [
      'process.name != "a.exe"',
      'excludes process.name is "a.exe", wherever the file is and whoever signed it',
    ],
    [
      'process.name !in ("a.exe", "b.exe")',
      'excludes process.name is "a.exe" or "b.exe", wherever the file is and whoever signed it',
    ],
    [
      'process.name != "a.exe" and host.name != "b"',
      'excludes when one of these holds, wherever the file is and whoever signed it: process.name is "a.exe" or host.name is "b"',
    ],
    ['process.name =~ "a.exe"', 'keeps what meets it and excludes all else'],
  ])('%s', (filter, meaning) => {
    expect(check(filter).said).toContain(`1:1 warning filter-meaning ${meaning}`);
  });

  test('never true: the error alone, no meaning', () => {
    const { said } = check('process.name == "a.exe" and process.name == "b.exe"');
    expect(said[0]).toBe(
      '1:1 error never-true this condition is never true: no process.name equals both "a.exe" and "b.exe": "or", or in, was meant',
    );
    expect(said.filter((each) => each.includes('filter-meaning'))).toEqual([]);
  });

  test('on several lines, with the place of each part', () => {
    const { said } = check(
      'host.name has "x"\nand (process.name != "a.exe"\n  or process.name != "b.exe")\n',
    );
    expect(said[0]).toMatch(/^2:6 error always-true /);
  });

  test('columns of ours are no foreign ones', () => {
    expect(check('Signer != "GlavSoft LLC."').status).toBe('ok');
  });
});

test('another tool that the filter names gets the approval', () => {
  const { approval, said } = check('process.name != "anydesk.exe"');
  expect(readApproval(approval)).toMatchObject({ tool: 'AnyDesk', id: 'anydesk-filter' });
  expect(said.filter((each) => each.includes('no-tool'))).toEqual([]);
});

test('a hundred programs and parents become an approval of fifty pairs, which says so', () => {
  const names = (prefix: string) =>
    Array.from({ length: 20 }, (_, index) => `"${prefix}${index}.exe"`).join(', ');
  const { approval } = check(
    `process.name !in (${names('a')}) or process.parent.name !in (${names('b')})`,
  );
  expect(readApproval(approval).processes).toHaveLength(50);
  expect(approval).toContain('# and 350 more pairs, which are left out here');
});

test('names that break lines or quotes stay one value', () => {
  const { approval } = check('process.name != "it\'s\\n- x: 1.exe"');
  expect(readApproval(approval).processes).toEqual([{ name: "it's\n- x: 1.exe" }]);
});

test.each([
  ['half a condition', 'process.name != ', /^1:\d+ error KS\d+ /],
  ['no text', '', /^1:1 error KS\d+ /],
  ['a field of no set', 'proces.name != "a"', /^1:1 error KS142 /],
  [
    'a query with an unknown column',
    'DeviceFileCertificateInfo\n| where Signr has "x"',
    /^2:9 error KS142 /,
  ],
  ['bytes that are no text', '\uFFFF\u0000', /^1:\d+ error /],
])('refuses %s at its place', (_name, text, finding) => {
  const { status, said, approval } = check(text);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(finding);
  expect({ status, approval }).toEqual({ status: 'errors', approval: undefined });
});

test('a whole query is linted as one', () => {
  const { status, said, approval } = check(
    "DeviceFileCertificateInfo | where Signer has 'glavsoft'",
    'q.kql',
  );
  expect({ status, said, approval }).toEqual({ status: 'ok', said: [], approval: undefined });
});
