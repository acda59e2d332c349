import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inspectFile } from '../../../agent/inspect/inspect-file.ts';
import { tinyImage } from '../../../build/fixtures/tiny-image.ts';
import { toRecords } from '../../../parsers/record/to-record.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();
const strings = {
  CompanyName: 'Example GmbH',
  ProductName: 'Example',
  OriginalFilename: 'example.exe',
  FileVersion: '1.2.3.4',
};
const image = tinyImage({ format: 'pe32', dll: false, version: strings }, 'agent');

function inspect(content: Uint8Array) {
  const file = path.join(folder, 'example.exe');
  writeFileSync(file, content);
  const context = { now: '2026-11-24T00:00:00Z', anchors: undefined };
  const outcome = inspectFile(file, { maxFileSize: 1e9, stopped: () => false, context });
  if (outcome.kind !== 'image') throw new Error(`not an image but ${JSON.stringify(outcome)}`);
  return outcome;
}

test('an image brings its version info along', () => {
  expect(inspect(image)).toMatchObject({ image: { versionInfo: strings }, problems: [] });
});

test('a malformed resource section costs the version info alone, and is listed', () => {
  const damaged = Buffer.from(image);
  const resource = damaged.indexOf(Buffer.from('VS_VERSION_INFO', 'utf16le')) - 6;
  damaged.writeUInt16LE(0xffff, resource);
  const outcome = inspect(damaged);
  expect(outcome.image).toMatchObject({
    versionInfo: undefined,
    malformed: [],
    size: image.length,
  });
  expect(outcome.problems).toMatchObject([
    { reason: 'malformed', code: 'bad-length', offset: resource },
  ]);
});

test('a record has it in the columns, one of them spelt otherwise', () => {
  const { image: file } = inspect(image);
  const context = {
    deviceId: '',
    deviceIdSource: '',
    deviceName: '',
    machineGroup: null,
    scanId: '',
    agentVersion: '',
  };
  const [record] = toRecords(
    { ...file, folderPath: folder, fileName: 'example.exe', fileKind: 'pe' },
    { reports: [], malformed: [] },
    { ...context, nextReportId: () => 1 },
  );
  expect(record).toMatchObject({
    CompanyName: 'Example GmbH',
    ProductName: 'Example',
    OriginalFileName: 'example.exe',
    FileVersion: '1.2.3.4',
  });
});
