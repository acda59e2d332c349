import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { foldCase } from '../../../parsers/kql/fold-case.ts';
import { type FileCertificateRecord, recordColumns } from '../../../parsers/record/columns.ts';
import { builtInRules } from '../../../parsers/rules/built-in-rules.ts';
import { flagger } from '../../../parsers/rules/flagger.ts';
import { parseRule } from '../../../parsers/rules/parse-rule.ts';
import type { ToolFacts } from '../../../parsers/rules/tool-facts.ts';
import { haveShared, sharedFolder } from '../../corpus.ts';
import { commonSigners } from './common-signers.ts';

const NOW = 639_100_000_000_000_000n;
const flagging = flagger(builtInRules, NOW);
const nulls = Object.fromEntries(Object.keys(recordColumns).map((name) => [name, null]));

/** The tools whose rules match a file signed by `signer`. */
function toolsBySigner(signer: string): string[] {
  const ids = flagging({ ...(nulls as FileCertificateRecord), IsSigned: true, Signer: signer });
  return packs.filter(({ id }) => ids.includes(id)).map(({ facts }) => facts.tool);
}

/** Every rule of the pack with its facts: one without any fails here. */
const packs = builtInRules.map((rule) => {
  if (!rule.facts) throw new Error(`${rule.name} has no certsweep: key`);
  return { ...rule, facts: rule.facts };
});

/** Names of files that much else has too: a look-alike by such a name alone would mean nothing. */
const commonFileNames = [
  ...['agent.exe', 'client.exe', 'helper.exe', 'host.exe', 'install.exe', 'installer.exe'],
  ...['launcher.exe', 'main.exe', 'remote.exe', 'server.exe', 'service.exe', 'setup.exe'],
  ...['support.exe', 'tray.exe', 'uninstall.exe', 'update.exe', 'updater.exe', 'viewer.exe'],
  ...['vncviewer.exe', 'winagent.exe', 'dwm.exe', 'svchost.exe', 'explorer.exe', 'goto.exe'],
];

test('the ids of the rules and the names of the tools are each there once', () => {
  expect(new Set(packs.map(({ id }) => id)).size).toBe(packs.length);
  expect(new Set(packs.map(({ facts }) => foldCase(facts.tool))).size).toBe(packs.length);
});

describe.each(packs)('$facts.tool', ({ facts, predicate, tactics, techniques }) => {
  test('can flag at the agent, and says what it is for', () => {
    expect(predicate).toBeDefined();
    expect([...tactics, ...techniques]).toEqual(['CommandAndControl', 'T1219']);
    expect(facts.signers).not.toEqual([]);
    expect(facts.sources).not.toEqual([]);
  });

  test('matches each signer that it lists', () => {
    const missed = facts.signers.filter((signer) => !toolsBySigner(signer).includes(facts.tool));
    expect(missed).toEqual([]);
  });

  test('matches no signer of another tool, unless that is its own too and said to be shared', () => {
    const foreign = packs
      .flatMap((other) => other.facts.signers)
      .filter(
        (signer) => !has(facts.signers, signer) && toolsBySigner(signer).includes(facts.tool),
      );
    expect(foreign).toEqual([]);
    const ofSeveral = facts.signers.filter((signer) => toolsBySigner(signer).length > 1);
    expect(ofSeveral.length === 0 || facts.sharedSigner).toBe(true);
  });

  test('looks for no file by a name that much else has', () => {
    const names = [...facts.fileNames, ...facts.originalFileNames];
    expect(names.filter((name) => has(commonFileNames, name))).toEqual([]);
    expect(facts.fileNames.filter((name) => !/^[^*?\\/]+\.(?:exe|dll)$/i.test(name))).toEqual([]);
  });

  test('says what else it finds where its signer is shared', () => {
    expect(facts.sharedSigner && facts.falsePositives === '').toBe(false);
  });

  test('lists no name twice, whatever its case', () => {
    expect(namesOf(facts).flatMap(twice)).toEqual([]);
  });
});

test('no rule matches a file by one of 200 common signers', () => {
  expect(new Set(commonSigners).size).toBeGreaterThanOrEqual(200);
  const matched = commonSigners.flatMap((signer) =>
    toolsBySigner(signer).map((tool) => `${tool}: ${signer}`),
  );
  expect(matched).toEqual([]);
});

test('no rule matches a name that only resembles a signer', () => {
  const names = [
    'GlavsoftX Ltd',
    'Level 3 Communications, LLC',
    'Enterprise S.R.L.',
    'Action Software GmbH',
    'Unity Wireless Corporation',
    'Zohoma',
    'Team Viewers United',
    'GoToday, Inc',
  ];
  expect(names.flatMap(toolsBySigner)).toEqual([]);
});

test('TightVNC knows the four spellings of GlavSoft', () => {
  const spellings = ['GlavSoft LLC.', 'GlavSoft LLC', 'GLAVSOFT, OOO', 'GlavSoft OOO'];
  expect(packs.find(({ facts }) => facts.tool === 'TightVNC')?.facts.signers).toEqual(spellings);
  expect(spellings.map(toolsBySigner)).toEqual(spellings.map(() => ['TightVNC']));
});

describe.skipIf(!haveShared())('beside the published lists', () => {
  const folder = path.join(sharedFolder, 'rules/community');
  const published = readdirSync(haveShared() ? folder : '.')
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => parseRule(readFileSync(path.join(folder, file), 'utf8'), file).rule);

  test('each of the 52 published rules is here: unchanged with its id, or extended with another', () => {
    expect(published).toHaveLength(52);
    for (const rule of published) {
      const ours = builtInRules.find(({ name }) => name === rule.name);
      expect(ours, rule.name).toBeDefined();
      const isSame = ours?.query === rule.query.replaceAll('\r\n', '\n');
      expect(ours?.id === rule.id, rule.name).toBe(isSame);
    }
  });

  test('each signer that a published rule misses is matched, but for AVG, which signs antivirus', () => {
    const file = path.join(sharedFolder, 'facts/rmm-rule-gaps.json');
    const gaps: Record<string, { missed: string[] }> = JSON.parse(readFileSync(file, 'utf8'));
    const missed = Object.values(gaps).flatMap((gap) => gap.missed);
    expect(missed.filter((signer) => toolsBySigner(signer).length === 0)).toEqual([
      'AVG Technologies',
    ]);
  });

  test('every tool that two sources name has its signers matched, but for AVG', () => {
    const file = path.join(sharedFolder, 'facts/rmm-signers.json');
    const tools: {
      tool: string;
      scope: string;
      signers: { value: string; sources: string[] }[];
    }[] = JSON.parse(readFileSync(file, 'utf8'));
    const confirmed = tools.filter(
      ({ scope, signers }) =>
        scope === 'rmm' && new Set(signers.flatMap(({ sources }) => sources)).size > 1,
    );
    expect(confirmed.length).toBeGreaterThanOrEqual(59);
    const missed = confirmed
      .flatMap(({ signers }) => signers.map(({ value }) => value))
      .filter((signer) => toolsBySigner(signer).length === 0);
    expect(missed).toEqual(['AVG Technologies']);
  });
});

function has(names: readonly string[], name: string): boolean {
  return names.some((known) => foldCase(known) === foldCase(name));
}

function namesOf(facts: ToolFacts): (readonly string[])[] {
  const { signers, companyNames, productNames, originalFileNames, fileNames } = facts;
  return [signers, companyNames, productNames, originalFileNames, fileNames];
}

function twice(names: readonly string[]): string[] {
  const folded = names.map(foldCase);
  return names.filter((_, index) => folded.indexOf(folded[index] ?? '') !== index);
}
