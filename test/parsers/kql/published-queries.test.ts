import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { compileKql } from '../../../parsers/kql/compile-kql.ts';
import { KqlError } from '../../../parsers/kql/kql-error.ts';
import { haveShared, sharedFolder } from '../../corpus.ts';
import { kustoForTests } from '../../kusto-sources.ts';

/** Every query that does not compile, with the first reason. Each needs a table, data or a function that we lack. */
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
  test('compile, but for those that need what we do not have', () => {
    const folder = path.join(sharedFolder, 'queries');
    const files = readdirSync(folder).filter((file) => file.endsWith('.kql'));
    const refused: Record<string, string> = {};
    for (const file of files) {
      try {
        compileKql(kustoForTests(), readFileSync(path.join(folder, file), 'utf8'));
      } catch (error) {
        if (!(error instanceof KqlError)) throw error;
        refused[file] = `${error.code} ${error.line}:${error.column}`;
      }
    }
    const compiled = files.length - Object.keys(refused).length;
    console.log(`${files.length} published queries: ${compiled} compile, the others are refused:`);
    for (const [file, refusal] of Object.entries(refused)) console.log(`  ${refusal}  ${file}`);
    expect(refused).toEqual(REFUSED);
    expect(compiled).toBe(40);
  });
});
