import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Chromium } from '../../chromium.ts';
import { haveChromium } from '../../have-chromium.ts';
import { runAgent } from '../run-agent.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { samplePage } from './html-sample.ts';
import { flaggedRecord, sampleRecord } from './sample-record.ts';

const folder = temporaryFolder();
const fixtures = path.join(import.meta.dirname, '../../../fixtures/pe');
const MINUTE = 60_000;

const sticksOut = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';

/** Names that whoever made a file could give it. */
const hostile = [
  '</script><script>document.title="owned"</script>',
  '"><img src=http://127.0.0.1:9/x onerror=document.title="owned">',
  '</style><style>*{display:none}</style>',
  '<!--',
  'gpj.\u202eexe',
  'a\u0000b\u001b[31m',
  'W'.repeat(4000),
  `x${' '.repeat(300)}.exe`,
  '\u05d0\u05d1\u05d2.exe',
  '\ud800',
];

function hostilePage(): string {
  return samplePage({
    records: hostile.flatMap((name) => [
      flaggedRecord({
        ...{
          FolderPath: `/srv/${name}`,
          FileName: name,
          Signer: name,
          SignerSubject: `CN=${name}`,
        },
        ...{ ProgramName: name, CompanyName: name, Rules: [name], MatchGrade: name },
        Findings: [{ code: name, level: 'error', detail: name }],
        RunningProcesses: [
          { pid: 1, name, parentPid: 2, parentName: name, user: name, startTime: name },
        ],
        AutostartEntries: [{ kind: name, name, state: name }],
      }),
      sampleRecord({ Signer: name, IsSigned: true }),
    ]),
    problems: hostile.map((name) => ({
      ...{ path: name, reason: 'unreadable' as const, code: name, offset: null, detail: name },
    })),
    row: {
      ...{ DeviceName: hostile.join(''), MachineGroup: hostile[0] ?? '', Roots: hostile },
      ...{ OtherKinds: { [hostile[1] ?? '']: 3 }, GoneFlagged: 1 },
      GoneFiles: [{ path: hostile[0] ?? '', sha1: hostile[1] ?? '', rules: [], lastSeen: 'x' }],
    },
    notes: { trust: hostile, liveMissing: hostile },
  });
}

describe.runIf(haveChromium())('in Chromium the report', () => {
  let browser: Chromium;
  beforeAll(() => {
    browser = new Chromium();
  });
  afterAll(() => browser?.close());

  function saved(name: string, page: string): string {
    const file = path.join(folder, name);
    writeFileSync(file, page);
    return file;
  }

  test.each([{ width: 400 }, { width: 1400 }])(
    'of a scan opens from a file at $width pixels with no complaint and no request, and nothing sticks out',
    { timeout: MINUTE },
    async ({ width }) => {
      const file = path.join(folder, `scan-${width}.html`);
      const { status } = await runAgent(['scan', fixtures, '--format', 'html', '--out', file]);
      expect(status).toBe(1);
      const events = await browser.open(file, width);
      await browser.evaluate('for (const d of document.querySelectorAll("details")) d.open = true');
      expect(await browser.evaluate(sticksOut)).toBe(false);
      expect(await browser.evaluate('document.querySelectorAll("details.card").length')).toBe(
        readFileSync(file, 'utf8').match(/<details class="card">/g)?.length,
      );
      expect(events).toEqual({ console: [], requests: [pathToFileURL(file).href] });
    },
  );

  test('of hostile names is text, whatever they say', { timeout: MINUTE }, async () => {
    const file = saved('hostile.html', hostilePage());
    const events = await browser.open(file, 400);
    await browser.evaluate('for (const d of document.querySelectorAll("details")) d.open = true');
    const seen = await browser.evaluate(`({
      title: document.title.slice(0, 9),
      scripts: document.scripts.length,
      styles: document.querySelectorAll('style').length,
      images: document.images.length,
      cards: [...document.querySelectorAll('.card')].filter((card) => card.offsetHeight > 50).length,
      sections: document.querySelectorAll('main > section').length,
      unseen: /[\\u0000\\u001b\\u202e]/.test(document.body.textContent),
      blanks: document.body.innerText.includes('x' + ' '.repeat(300) + '.exe'),
      sticksOut: ${sticksOut},
    })`);
    expect(seen).toEqual({
      ...{ title: 'certsweep', scripts: 1, styles: 1, images: 0, cards: hostile.length },
      ...{ sections: 10, unseen: false, blanks: true, sticksOut: false },
    });
    expect(events).toEqual({ console: [], requests: [pathToFileURL(file).href] });
  });

  test('refuses what was put into it as markup, and this test notices', {
    timeout: MINUTE,
  }, async () => {
    const injected =
      '<main><script>document.title="owned"</script><img src="http://127.0.0.1:9/x"><p style="color:red">';
    const file = saved('injected.html', samplePage({}).replace('<main>', injected));
    const events = await browser.open(file, 1400);
    expect(await browser.evaluate('document.title')).toBe('certsweep: host.example');
    const complaints = events.console.join('\n');
    for (const directive of ['script-src', 'img-src', 'style-src'])
      expect(complaints).toContain(directive);
  });

  test('narrows its cards down to what is typed, and unfolds them', {
    timeout: MINUTE,
  }, async () => {
    const records = ['one.exe', 'two.exe', 'three.dll'].map((FileName) =>
      flaggedRecord({ FileName }),
    );
    await browser.open(saved('filter.html', samplePage({ records })), 1400);
    const type = (text: string) =>
      browser.evaluate(`(() => {
        const filter = document.getElementById('filter');
        filter.value = ${JSON.stringify(text)};
        filter.dispatchEvent(new Event('input'));
        const cards = [...document.querySelectorAll('.card')];
        const shown = cards.filter((card) => card.offsetHeight > 0);
        return [shown.map((card) => card.querySelector('.path').textContent), document.getElementById('shown').textContent];
      })()`);
    expect(await type('EXE glavsoft')).toEqual([['/srv/one.exe', '/srv/two.exe'], '2 of 3 shown']);
    expect(await type('nothing like it')).toEqual([[], '0 of 3 shown']);
    expect(await type('')).toEqual([['/srv/one.exe', '/srv/three.dll', '/srv/two.exe'], '']);
    const unfold = `(document.getElementById('unfold').click(), document.querySelectorAll('.card[open]').length)`;
    expect(await browser.evaluate(unfold)).toBe(3);
    expect(await browser.evaluate(unfold)).toBe(0);
  });
});
