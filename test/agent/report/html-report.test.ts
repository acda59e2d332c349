import { describe, expect, test } from 'vitest';
import { findingWords } from '../../../parsers/authenticode/finding-words.ts';
import { escapeHtml, html } from '../../../parsers/html/html.ts';
import { bytes, duration } from '../../../parsers/html/units.ts';
import { samplePage, textOf } from './html-sample.ts';
import { flaggedRecord, sampleRecord } from './sample-record.ts';

const problem = { path: '/srv/locked.exe', code: 'EACCES', offset: null, detail: 'open' } as const;

describe('the page says', () => {
  test('first whose it is, when, and what was flagged', () => {
    const page = samplePage({
      records: [flaggedRecord(), flaggedRecord({ SignatureIndex: 1 }), sampleRecord()],
      row: { MachineGroup: 'servers' },
    });
    expect(page).toContain('<h1>host.example</h1>');
    expect(page).toContain('<title>certsweep: host.example</title>');
    const text = textOf(page);
    expect(text).toContain(
      'Swept 2026-01-02 03:04:05 UTC to 2026-01-02 04:06:05 UTC, 1 h 02 min, group servers',
    );
    expect(text).toContain('2 flagged signatures in 1 file, by 1 rule.');
    expect(text).toContain('Complete. All that was asked for was read.');
  });

  test('what is known of a flagged file, in words', () => {
    const text = textOf(
      samplePage({
        records: [
          flaggedRecord({
            IsTrusted: false,
            SignatureStatus: 'HashMismatch',
            MatchGrade: 'signature-untrusted',
            FolderPath: 'C:\\Tools',
            RevocationStatus: 'revoked',
            Findings: [{ code: 'TRUST_E_BAD_DIGEST', level: 'error', detail: 'signed was x' }],
          }),
        ],
      }),
    );
    expect(text).toContain('C:\\Tools\\a.exe');
    expect(text).toContain('1 with a signature that is broken or not trusted.');
    expect(text).toContain('bad digest revoked GlavSoft LLC (certsweep test) signed 2020-05-06');
    expect(text).toContain(
      'TightVNC CommandAndControl, T1219, 18f7c17b-65d4-4263-b9e2-587e84233989',
    );
    expect(text).toContain('anybody can write a name');
    expect(text).toContain(`error ${findingWords.TRUST_E_BAD_DIGEST}`);
    expect(text).toContain('TRUST_E_BAD_DIGEST: signed was x');
    expect(text).toContain(`SHA-256 ${'a2'.repeat(32)}`);
    expect(text).toContain('Size 1.2 kB (1,234 bytes)');
    expect(text).toContain('Signed 2020-05-06 07:08:09 UTC');
  });

  test('that a sweep is not complete, and what is missing', () => {
    const page = samplePage({ problems: [{ ...problem, reason: 'unreadable' }] });
    const text = textOf(page);
    expect(text).toContain('NOT COMPLETE. Some of what should have been read could not be');
    expect(text).toContain('Nothing flagged in what was read.');
    expect(text).toContain('Should have been read, and may be anything 1 unreadable:');
    expect(text).toContain('/srv/locked.exe EACCES: open');
    expect(text).toContain('This sweep is not complete.');
    expect(text).not.toContain('Complete. All that was asked for');
  });

  test('that a sweep was interrupted', () => {
    const text = textOf(samplePage({ row: { Complete: false, Interrupted: true } }));
    expect(text).toContain('NOT COMPLETE: interrupted.');
  });

  test('what was left out on purpose apart from what could not be read', () => {
    const text = textOf(
      samplePage({
        problems: [{ ...problem, code: null, detail: '', reason: 'other-file-system' }],
      }),
    );
    expect(text).toContain(
      'Complete. All that was asked for was read. 1 path left out on purpose.',
    );
    expect(text).toContain('Left out on purpose, or no longer there 1 other-file-system:');
  });

  test('which flagged files of the last sweep are gone', () => {
    const GoneFiles = [
      { path: '/srv/old.exe', sha1: 'c3'.repeat(20), rules: [], lastSeen: '2026-01-01T00:00:00Z' },
    ];
    const text = textOf(samplePage({ row: { GoneFlagged: 2, GoneFiles } }));
    expect(text).toContain(
      'Nothing flagged in what was read. 2 flagged files of the last sweep are gone.',
    );
    expect(text).toContain(
      `/srv/old.exe last seen 2026-01-01 00:00:00 UTC, SHA-1 ${'c3'.repeat(20)}`,
    );
    expect(text).toContain('... and 1 more');
    expect(textOf(samplePage({}))).not.toContain('gone now');
  });

  test('what runs and what starts a flagged file, where that was asked for', () => {
    const running = flaggedRecord({
      RunningProcesses: [
        {
          ...{ pid: 12, name: 'tvnserver.exe', parentPid: 1, parentName: 'init', user: 'root' },
          startTime: '2026-01-01T00:00:00Z',
        },
      ],
      AutostartEntries: [{ kind: 'scheduled-task', name: 'tvn', state: 'enabled' }],
    });
    const still = flaggedRecord({ RunningProcesses: [], AutostartEntries: [], FileName: '0.exe' });
    const notes = { liveMissing: ['the processes of other users'] };
    const text = textOf(samplePage({ records: [still, running], notes }));
    expect(text.indexOf('/srv/a.exe')).toBeLessThan(text.indexOf('/srv/0.exe')); // what runs comes first
    expect(text).toContain('1 of them running when the sweep began.');
    expect(text).toContain(
      'Running: tvnserver.exe (PID 12) as root, started by init (PID 1), since 2026-01-01 00:00:00 UTC',
    );
    expect(text).toContain('Started by scheduled task tvn (enabled)');
    expect(text).toContain('No process was seen that runs this file.');
    expect(text).toContain('More may run or start than is shown: the processes of other users');
    expect(textOf(samplePage({ records: [flaggedRecord()] }))).toContain('was not looked up');
  });

  test('which rules were applied, by which roots, and what was taken over from an earlier sweep', () => {
    const text = textOf(samplePage({ row: { Unchanged: 12_345 } }));
    expect(text).toMatch(/\d+ rules applied: Action1; .*; TightVNC; .*; Zoho Assist /);
    expect(text).toContain('imported: 3 roots');
    expect(text).toContain(
      '12,345 files had not changed since an earlier sweep and were not opened',
    );
    expect(textOf(samplePage({}))).not.toContain('had not changed');
  });

  test('who signed, with the numbers beside the bars', () => {
    const text = textOf(
      samplePage({
        records: [
          flaggedRecord({ Signer: 'B' }),
          flaggedRecord({ Signer: 'B', IsTrusted: false, Rules: [] }),
          flaggedRecord({ Signer: 'A', IsTrusted: null, Rules: [] }),
          sampleRecord(),
        ],
      }),
    );
    expect(text).toContain('Signatures Not trusted Not judged B flagged 2 1 0 A 1 0 1');
    expect(text).toMatch(/CatalogNotSearched: [^0-9]+ 1 /);
  });
});

describe('however many there are', () => {
  test('the page shows some thousands and counts the rest', () => {
    function* many() {
      for (let index = 0; index < 12_000; index += 1)
        yield flaggedRecord({ FileName: `${index}.exe`, Signer: `Signer ${index}` });
    }
    const page = samplePage({ records: many() });
    expect(page.match(/<details class="card">/g)).toHaveLength(2000);
    expect(page.length).toBeLessThan(8_000_000);
    const text = textOf(page);
    expect(text).toContain('12,000 flagged signatures in 12,000 files');
    expect(text).toContain('10,000 further flagged signatures counted above, not shown here.');
    expect(text).toContain('2,000 signatures of signers beyond the first 10,000 names');
  });

  test('paths of one reason are the first hundred, and --errors has all', () => {
    const problems = Array.from({ length: 150 }, (_, index) => ({
      ...problem,
      path: `/srv/${index}`,
      reason: 'unreadable' as const,
    }));
    const text = textOf(samplePage({ problems }));
    expect(text).toContain('/srv/99 EACCES');
    expect(text).not.toContain('/srv/100 EACCES');
    expect(text).toContain('The first 100 of 150; --errors FILE lists them all.');
  });

  test('findings and processes of one file are the first forty', () => {
    const Findings = Array.from({ length: 50 }, () => ({
      ...{ code: 'CATALOG', level: 'info', detail: 'signed by catalog x' },
    }));
    expect(textOf(samplePage({ records: [flaggedRecord({ Findings })] }))).toContain(
      '... and 10 more',
    );
  });
});

describe('text of others', () => {
  test.each([
    {
      text: `</script><b a='x' b="y">&`,
      safe: '&lt;/script&gt;&lt;b a=&#39;x&#39; b=&quot;y&quot;&gt;&amp;',
    },
    { text: 'gpj.\u202eexe', safe: 'gpj.\\u{202e}exe' },
    { text: 'a\u0000\u001b[2J\n', safe: 'a\\u{0}\\u{1b}[2J\\n' },
    { text: '\ud83d', safe: '\\u{d83d}' },
  ])('is made harmless: $safe', ({ text, safe }) => {
    expect(escapeHtml(text)).toBe(safe);
    expect(html`<p>${[text]}</p>`.markup).toBe(`<p>${safe}</p>`);
  });

  test('that is too long loses its middle', () => {
    const text = escapeHtml(`${'a'.repeat(50_000)}.exe`);
    expect(text.length).toBeLessThan(1300);
    expect(text).toMatch(/^a{600} \[…48804 characters left out…\] a{596}\.exe$/);
  });

  test('that was made markup once stays it', () => {
    expect(html`<i>${html`<b>${'<'}</b>`}${null}${false}${undefined}${7}</i>`.markup).toBe(
      '<i><b>&lt;</b>7</i>',
    );
  });
});

test.each([
  { count: 1, words: '1 byte' },
  { count: 999, words: '999 bytes' },
  { count: 1000, words: '1.0 kB' },
  { count: 999_960, words: '1.0 MB' },
  { count: 4_300_000_000, words: '4.3 GB' },
])('$count bytes are $words', ({ count, words }) => {
  expect(bytes(count)).toBe(words);
});

test.each([
  { milliseconds: 1234, words: '1.2 s' },
  { milliseconds: 61_000, words: '1 min 01 s' },
  { milliseconds: 3_720_000, words: '1 h 02 min' },
])('$milliseconds ms are $words', ({ milliseconds, words }) => {
  expect(duration(milliseconds)).toBe(words);
});
