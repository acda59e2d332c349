import { versionStrings } from '../../parsers/pe/version-info.ts';
import { matchWords } from '../../parsers/rules/grade-words.ts';
import type { InspectReport } from '../commands/inspect-report.ts';
import type { ImageStructure } from '../inspect/file-structure.ts';
import { addSignature } from './signature-text.ts';
import { TextPage } from './text-page.ts';

/** What `inspect` prints for a person. */
export function inspectText(report: InspectReport): string {
  const page = new TextPage();
  addFile(page, report);
  if (report.layout !== null) addLayout(page, report.layout);
  for (const signature of report.signatures) addSignature(page, signature);
  if (report.signatures.length === 0) addNoSignature(page, report);
  if (report.lookAlikes.length > 0) addLookAlikes(page, report);
  if (report.problems.length > 0) {
    page.heading('Malformed');
    for (const { code, offset, detail } of report.problems)
      page.line(1, `${code} at byte ${offset}: ${detail}`);
  }
  addTrust(page, report);
  return page.toString();
}

const kindWords: Readonly<Record<InspectReport['file']['kind'], string>> = {
  pe: 'PE file',
  msi: 'Windows Installer package',
  cab: 'cabinet',
  catalog: 'security catalog',
  appx: 'APPX or MSIX package',
  script: 'script',
};

function addFile(page: TextPage, { file, layout, versionInfo }: InspectReport): void {
  const format = layout === null ? '' : `, ${layout.format.toUpperCase()}`;
  page.heading(file.path);
  page.field(1, 'kind', `${kindWords[file.kind]}${format}, ${file.size} bytes`);
  page.field(1, 'SHA-1', file.sha1);
  page.field(1, 'SHA-256', file.sha256);
  page.field(1, 'modified', file.modified);
  if (versionInfo === null) return;
  page.heading('Version info, which anybody can write');
  for (const name of versionStrings) {
    const text = versionInfo[name];
    if (text !== undefined) page.line(1, `${name.padEnd(16)} ${text}`);
  }
}

/** wCertificateType of winnt.h. */
const certificateTypes: Readonly<Record<number, string>> = {
  1: 'X.509',
  2: 'PKCS#7',
  3: 'reserved',
  4: 'Terminal Server',
};

function addLayout(page: TextPage, layout: ImageStructure): void {
  const { certificateTable: table, trailing } = layout;
  page.heading('Layout');
  page.field(1, 'NT headers', `at byte ${layout.ntHeadersOffset}`);
  page.field(1, 'CheckSum', `at byte ${layout.checksumOffset}`);
  if (table === null) {
    page.field(1, 'signatures', 'no certificate table');
    return;
  }
  const after =
    layout.bytesAfterTable === 0
      ? 'to the end of the file'
      : `${layout.bytesAfterTable} bytes follow it, covered by the signature`;
  page.field(
    1,
    'signatures',
    `certificate table of ${table.size} bytes at ${table.offset}, ${after}`,
  );
  for (const { offset, length, revision, certificateType } of layout.entries) {
    const type = certificateTypes[certificateType] ?? 'unknown';
    const version = `${revision >> 8}.${revision & 0xff}`;
    page.field(1, '', `entry of ${length} bytes at ${offset}, revision ${version}, ${type}`);
  }
  if (trailing.size > 0)
    page.field(1, '', `${trailing.size} bytes at ${trailing.offset} belong to no entry`);
}

const catalogWords: Readonly<Record<InspectReport['catalog'], string>> = {
  'not-searched': 'None in the file. No catalog was searched: one of Windows may sign it.',
  'not-found': 'None, neither in the file nor in a catalog.',
  found: 'In a catalog.',
};

function addNoSignature(page: TextPage, { malformed, catalog }: InspectReport): void {
  page.heading('No signature');
  if (malformed.length === 0) page.line(1, catalogWords[catalog]);
  else page.line(1, 'Something stands in the place of one, but it cannot be read:');
  for (const { code, detail } of malformed) page.line(1, `${code}: ${detail}`);
}

function addLookAlikes(page: TextPage, { lookAlikes, signatures, catalog }: InspectReport): void {
  page.heading('Look-alike: no rule flags it, but it says that it is the tool of one');
  const isOpen = signatures.length === 0 && catalog === 'not-searched';
  for (const { id, name, grade } of lookAlikes) {
    page.field(1, 'RULE', `${name} (${id})`);
    page.field(1, 'match', matchWords(grade, isOpen ? 'CatalogNotSearched' : null));
  }
}

function addTrust(page: TextPage, { trust }: InspectReport): void {
  page.heading('Judged');
  const counts = `${trust.codeSigning} for code, ${trust.timeStamping} for timestamps`;
  page.field(1, 'roots', `${trust.source}: ${counts}`);
  page.field(1, 'time', `that of the countersignature where there is one, else ${trust.now}`);
  if (trust.judges) return;
  page.line(
    1,
    'These are NO CODE-SIGNING ROOTS. A chain that ends elsewhere is "not judged", which',
  );
  page.line(1, 'is neither good nor bad. Give --roots PATH, or place some with `roots import`.');
}
