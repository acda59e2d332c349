import { afterAll, expect, test } from 'vitest';
import { toCoverageHtml } from '../../../collector/coverage/print/coverage-html.ts';
import { temporaryFolder } from '../collector-process.ts';
import { compareSides } from './compare-sides.ts';
import { device } from './planted-fleet.ts';
import { exportWriters } from './written-exports.ts';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const [writer] = exportWriters;

/** Two devices alike, one that the export lacks files of, one that it lacks, and names that are markup. */
function sides() {
  const same = device('same', 7200);
  const gaps = device('gaps');
  const hostile = device('<script>alert(1)</script>"\'&');
  return {
    agent: [same, gaps, device('absent'), hostile].flatMap(({ agent }) => agent),
    exported: [
      ...same.exported,
      ...gaps.exported.slice(2),
      ...hostile.exported.map((row) => ({ ...row, Signer: '<img src=x onerror=alert(1)>' })),
    ],
  };
}

async function page(): Promise<string> {
  let text = '';
  if (!writer) throw new Error('no writer');
  await compareSides(folder, { ...sides(), writer }, (report) => {
    text = [...toCoverageHtml(report)].join('');
  });
  return text;
}

test('the page says the recall first, each kind of difference, both windows, and what they cannot prove', async () => {
  const text = await page();
  const at = (words: string) => {
    const place = text.indexOf(words);
    expect(place, words).toBeGreaterThan(0);
    return place;
  };
  expect(at('Recall 25 %.')).toBeLessThan(at('Signed files, device by device'));
  for (const words of [
    'Of 4 rule × device of the common window the export misses 3.',
    'Agents:',
    'Common:',
    'Files that only agents saw: 2',
    'Devices that are not in the export: 1',
    'absent.corp.example',
    'What this cannot prove',
    'proves nothing by itself',
  ])
    at(words);
  expect(text.match(/<svg [^>]*viewBox/g)?.length).toBeGreaterThan(5);
});

test('names that are markup stay text, and the page may load and run nothing', async () => {
  const text = await page();
  expect(text).toContain('&lt;script&gt;alert(1)');
  expect(text).toContain('&lt;img src=x');
  expect(text).not.toMatch(/<script|<img|style="|javascript:|https?:/i);
  expect(text).toMatch(
    /content="default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'"/,
  );
});
