import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { KqlError } from '../../../parsers/kql/kql-error.ts';
import { twoAnswers } from '../../collector/query/two-answers.ts';
import { record } from '../../collector/records.ts';
import { haveShared, sharedFolder } from '../../corpus.ts';
import { kustoForTests } from '../../kusto-sources.ts';

/**
 * Every query that does not run, with the first reason. KS142 is Microsoft's own: a `|` without an operator, as published.
 * Each of the others needs a table, data or a function that we lack.
 */
const REFUSED: Readonly<Record<string, string>> = {
  '025-RMM-AHQ-DWService.kql': 'KS142 8:12',
  '028-rmm-DWService-createproc.kql': 'KS142 8:12',
  '119-compromised-certificate-Nobelium-.kql': 'foreign-table 3:8',
  '121-TheArtOfKnowingYourData.kql': 'foreign-table 3:26',
  '123-T1036-WIN-001.kql': 'foreign-table 5:5',
  '125-Binary-With-Short-Lived-Certificate-Launched-from-Downloads-.kql': 'foreign-table 4:1',
  '127-ExternalData-Cert-Central-CertReport.kql': 'foreign-table 5:1',
  '129-ExternalData-Cert-Central-CertReport.kql': 'foreign-table 5:1',
  '131-ExternalData-Cert-Central-CertReport.kql': 'foreign-table 18:11',
  '133-Anti-lock-or-Idle-Software.kql': 'foreign-table 3:18',
  '135-MalwareBazaar-Certificate-Blocklist-Detection.kql': 'unsupported-operator 3:28',
  '137-Unusual-Software-Certificate-Detection.kql': 'foreign-table 4:8',
  '139-CVE-2024-43452-PoC-Detection.kql': 'foreign-table 8:1',
  '141-Detecting-BrazenBamboo-s-FortiClient-Exploit-A-KQL-Approach.kql': 'foreign-table 9:1',
  '143-Threat-Hunting-BYOVD-Scenarios.kql': 'foreign-table 6:1',
};

describe.skipIf(!haveShared())('published hunting queries', () => {
  const queries = haveShared() ? readQueries() : [];
  const answers = twoAnswers(rowsFor(queries.filter(isRemoteManagement)));
  afterAll(() => answers.close());

  test('run and find what they look for, but for those that need what we do not have', () => {
    const refused: Record<string, string> = {};
    const families = { 'remote management': [0, 0], other: [0, 0] };
    for (const query of queries) {
      const { file, text } = query;
      const family = families[isRemoteManagement(query) ? 'remote management' : 'other'];
      try {
        const plan = compileKql(kustoForTests(), text);
        const { columns, rows } = answers.sql(plan);
        expect(rows.length, `${file} has an answer`).toBeGreaterThan(0);
        expect({ columns, rows: inOrder(rows) }, file).toEqual({
          columns,
          rows: inOrder(answers.oracle(plan).rows),
        });
        family[0] = (family[0] ?? 0) + 1;
      } catch (error) {
        if (!(error instanceof KqlError)) throw error;
        refused[file] = `${error.code} ${error.line}:${error.column}`;
        family[1] = (family[1] ?? 0) + 1;
      }
    }
    for (const [family, [ran, not]] of Object.entries(families))
      console.log(`published queries, ${family}: ${ran} ran, ${not} were refused`);
    for (const [file, refusal] of Object.entries(refused)) console.log(`  ${refusal}  ${file}`);
    expect(refused).toEqual(REFUSED);
    expect(families).toEqual({ 'remote management': [40, 2], other: [0, 13] });
  });
});

interface PublishedQuery {
  readonly file: string;
  readonly text: string;
}

function isRemoteManagement({ file }: PublishedQuery): boolean {
  return /-rmm-/i.test(file);
}

function readQueries(): PublishedQuery[] {
  const folder = path.join(sharedFolder, 'queries');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.kql'))
    .map((file) => ({ file, text: readFileSync(path.join(folder, file), 'utf8') }));
}

/** A file of every signer that a query names, on two devices, signed by two signatures. */
function rowsFor(queries: readonly PublishedQuery[]) {
  const names = queries.flatMap(({ text }) =>
    [...text.matchAll(/'([^'\n]+)'|"([^"\n]+)"/g)].map(([, one, other]) => one ?? other ?? ''),
  );
  return [...new Set(names)].flatMap((name, index) =>
    ['one', 'two'].flatMap((DeviceName) =>
      [0, 1].map((SignatureIndex) =>
        record({
          Timestamp: '2026-07-01T00:00:00.0000001Z',
          DeviceId: DeviceName,
          DeviceName,
          Signer: name,
          FileName: `${index}.exe`,
          ReportId: index * 2 + SignatureIndex,
          SignatureIndex,
        }),
      ),
    ),
  );
}

/** Kusto promises no order of rows, nor of the members of a set. */
function inOrder(rows: readonly (readonly unknown[])[]): string[] {
  return rows
    .map((row) => row.map((cell) => String(Array.isArray(cell) ? cell.toSorted() : cell)).join('|'))
    .sort();
}
