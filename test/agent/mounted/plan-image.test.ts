import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { hashedId } from '../../../agent/device.ts';
import { foreignVolumes } from '../../../agent/mounted/foreign-volume.ts';
import { type ImageOptions, type ImagePlan, planImage } from '../../../agent/mounted/plan-image.ts';
import { buildTrustList } from '../../parsers/x509/trust-list-builder.ts';
import { temporaryFolder, writeTree } from '../temporary-folder.ts';
import {
  MACHINE_GUID,
  programme,
  ROOT,
  rootThumbprint,
  SENSE_ID,
  softwareHive,
  windowsFiles,
} from './windows-image.ts';

const folder = temporaryFolder();
const image = path.join(folder, 'mnt');
writeTree(image, windowsFiles());
const outside = path.join(folder, 'elsewhere');
writeTree(outside, { 'a.exe': 'not of the image' });
symlinkSync(outside, path.join(image, 'Users', 'link'));
symlinkSync('C:\\Users', path.join(image, 'Documents and Settings'));

function plan(options: Partial<ImageOptions> = {}): ImagePlan {
  return planImage({ imageRoot: image, deviceName: 'web7', paths: [], ...options });
}

describe('a place in an image', () => {
  test.each([
    { name: 'none: the whole of it', given: [], place: '' },
    { name: 'its top', given: ['C:\\'], place: '' },
    { name: 'as Windows names it, in any case', given: ['c:\\USERS\\ann'], place: 'Users/Ann' },
    { name: 'with slashes', given: ['C:/Users/Ann/'], place: 'Users/Ann' },
    { name: 'with ways up', given: ['C:\\Windows\\..\\..\\Users'], place: 'Users' },
    { name: 'by a link in it', given: ['C:\\Documents and settings\\ann'], place: 'Users/Ann' },
    { name: 'a file', given: ['C:\\TOP.EXE'], place: 'top.exe' },
    { name: 'on this machine', given: [path.join(image, 'Users/Ann')], place: 'Users/Ann' },
  ])('$name', ({ given, place }) => {
    expect(plan({ paths: given }).places).toEqual([path.join(image, place)]);
  });

  test.each([
    { name: 'outside', given: outside, says: 'is outside the image' },
    { name: 'the folder above', given: folder, says: 'is outside the image' },
    {
      name: 'a link that leads outside',
      given: `${image}/Users/link`,
      says: 'is outside the image',
    },
    { name: 'the same link', given: 'C:\\Users\\link', says: 'leads out of the image' },
    { name: 'what is behind it', given: 'C:\\Users\\link\\a.exe', says: 'leads out of the image' },
    { name: 'on another drive', given: 'D:\\Users', says: 'whose paths begin with C:\\' },
    { name: 'that is not there', given: 'C:\\None', says: 'cannot scan C:\\None' },
    { name: 'that is not there on disk', given: `${image}/None`, says: 'ENOENT' },
  ])('is refused: $name', ({ given, says }) => {
    expect(() => plan({ paths: [given] })).toThrow(says);
  });
});

describe('patterns match in either spelling', () => {
  const files = ['top.exe', 'Users/Ann/Tool.exe', 'Windows/System32/driver.exe'];

  test.each([
    { name: 'as Windows writes it', include: ['c:\\users\\**'], passes: ['Users/Ann/Tool.exe'] },
    { name: 'with slashes', include: ['C:/Windows/**'], passes: ['Windows/System32/driver.exe'] },
    { name: 'a name in another case', include: ['TOOL.EXE'], passes: ['Users/Ann/Tool.exe'] },
    { name: 'on this machine', include: [`${image}/Users/**`], passes: ['Users/Ann/Tool.exe'] },
    {
      name: 'excluded',
      exclude: ['C:\\Users\\**', 'top.*'],
      passes: ['Windows/System32/driver.exe'],
    },
    { name: 'none', passes: files },
  ])('$name', ({ include, exclude, passes }) => {
    const { filter } = plan({ include, exclude }).walk;
    const passed = files.filter((file) => filter.passesFile(path.join(image, file)));
    expect(passed).toEqual(passes);
  });

  test('directories, too', () => {
    const { filter } = plan({ exclude: ['c:\\windows'] }).walk;
    expect(filter.entersDirectory(path.join(image, 'Windows'))).toBe(false);
    expect(filter.entersDirectory(path.join(image, 'Users'))).toBe(true);
  });

  test('a backslash in a name is no folder', () => {
    const { filter } = plan({ exclude: ['C:/tools/**'] }).walk;
    expect(filter.passesFile(path.join(image, 'tools\\evil.exe'))).toBe(true);
  });
});

test('a place on a volume of Windows is not taken for this machine without a word', () => {
  const places = [path.join(image, 'Users'), path.join(image, 'top.exe'), outside];
  expect(foreignVolumes(places, 'linux')).toEqual([
    `${image} is a volume of Windows, and its files are recorded as THIS machine's: --image-root ${image}`,
  ]);
  expect(foreignVolumes(places, 'win32')).toEqual([]);
});

test('paths read as the image has them, and what is not in it as it is', () => {
  const { paths } = plan({ imageDrive: 'd' }).image;
  expect(paths.show(image)).toBe('D:\\');
  expect(paths.show(path.join(image, 'Users/a\\b.exe'))).toBe('D:\\Users\\a\\x5cb.exe');
  expect(paths.show('/etc/catalogs/a.cat')).toBe('/etc/catalogs/a.cat');
  expect(paths.show(`${image}-2/a.exe`)).toBe(`${image}-2/a.exe`);
  expect(paths.split(path.join(image, 'top.exe'))).toEqual({
    folderPath: 'D:\\',
    fileName: 'top.exe',
  });
});

describe('of an image', () => {
  /** A volume with this SOFTWARE hive. */
  function volume(name: string, hive: Uint8Array | string): { imageRoot: string } {
    const imageRoot = path.join(folder, name);
    writeTree(imageRoot, { 'WINDOWS/system32/config/software': hive });
    return { imageRoot };
  }

  test('the id is the one that an agent on its machine would have', () => {
    expect(plan()).toMatchObject({
      device: { id: hashedId(MACHINE_GUID), idSource: 'machine-id', name: 'web7' },
      catalogs: [path.join(image, 'Windows/System32/CatRoot')],
      notes: [],
    });
  });

  test.each([
    { name: 'onboarded: its id is the device', onboarded: 1, source: 'defender' },
    { name: 'onboarded no longer: its id is left', onboarded: 0, source: 'machine-id' },
  ])('Defender is $name', ({ onboarded, source }) => {
    const hive = softwareHive({ senseId: `${SENSE_ID}\n`, onboarded });
    const { device } = plan(volume(`defender${onboarded}`, hive));
    expect(device.idSource).toBe(source);
    expect(device.id === SENSE_ID).toBe(onboarded === 1);
  });

  test('the registry was not closed cleanly: it is used, and that is said', () => {
    const { device, roots, notes } = plan(
      volume('dirty', softwareHive({ sequence: [5, 4], trustList: programme })),
    );
    expect(device.id).toBe(hashedId(MACHINE_GUID));
    expect(roots?.roots).toHaveLength(1);
    expect(notes).toEqual([expect.stringContaining('not closed cleanly')]);
  });

  test.each([
    ROOT,
    ROOT.replace('ROOT', 'AuthRoot'),
    'Policies\\Microsoft\\SystemCertificates\\Root\\Certificates',
    'Microsoft\\EnterpriseCertificates\\Root\\Certificates',
  ])('roots are those in %s', (store) => {
    const { roots, notes } = plan(
      volume(`store${store.length}`, softwareHive({ stores: [store] })),
    );
    expect(roots).toMatchObject({ source: 'image-store', judges: true });
    expect(roots?.roots).toHaveLength(1);
    expect(roots?.outsideProgramme).toBeUndefined();
    expect(notes).toEqual([expect.stringContaining('has no list of Microsoft')]);
  });

  test('roots outside the programme are known where it has the list', () => {
    const trustList = buildTrustList([{ thumbprint: '11'.repeat(20) }]);
    const { roots } = plan(volume('list', softwareHive({ trustList })));
    expect(roots?.outsideProgramme).toEqual(new Set([rootThumbprint]));
    expect(roots?.date).toBe('2026-04-22T10:00:00Z');
  });

  test('roots are not asked for where others are given', () => {
    expect(plan({ roots: ['x.pem'] }).roots).toBeUndefined();
    expect(plan({ store: 'folder' })).toMatchObject({ roots: undefined, notes: [] });
  });

  test('the stores lead on without an end: there are no roots, and that is said', () => {
    const hive = Buffer.from(softwareHive());
    const key = hive.indexOf('nk', hive.lastIndexOf('Certificates') - 100);
    hive.writeUInt32LE(0x7ffffff0, key + 28); // the list of its subkeys
    const { device, roots, notes } = plan(volume('hostile', hive));
    expect(device.id).toBe(hashedId(MACHINE_GUID));
    expect(roots).toBeUndefined();
    expect(notes).toEqual([expect.stringContaining('truncated at byte')]);
  });

  test.each([
    { name: 'is no hive', hive: 'regf and nothing behind it', says: 'truncated at byte' },
    { name: 'is empty', hive: '', says: 'truncated at byte' },
    { name: 'has no id', hive: softwareHive({ machineGuid: '' }), says: 'holds no MachineGuid' },
  ])('the registry $name: an id has to be given', ({ name, hive, says }) => {
    const broken = volume(`broken ${name}`, hive);
    expect(() => plan(broken)).toThrow(says);
    expect(() => plan(broken)).toThrow('give --device-id');
    const id = 'ab'.repeat(20);
    expect(plan({ ...broken, deviceId: id }).device).toEqual({
      id,
      idSource: 'option',
      name: 'web7',
    });
  });

  test('a link in the place of the registry is not followed', () => {
    const imageRoot = path.join(folder, 'linked');
    const mine = path.join(folder, 'mine');
    writeFileSync(mine, softwareHive());
    writeTree(imageRoot, { 'Windows/System32/config/SYSTEM': 'x' });
    symlinkSync(mine, path.join(imageRoot, 'Windows/System32/config/SOFTWARE'));
    expect(() => plan({ imageRoot })).toThrow('it has no Windows\\System32\\config\\SOFTWARE');
  });

  test('a POSIX system keeps its paths, and its machine-id is the device', () => {
    const imageRoot = path.join(folder, 'linux');
    const id = '0123456789abcdef0123456789abcdef';
    writeTree(imageRoot, {
      'etc/machine-id': `${id}\n`,
      'etc/hostname': 'web8\n',
      'srv/tool.exe': '',
    });
    const { device, image: posix, places, catalogs } = plan({ imageRoot, paths: ['/srv'] });
    expect(device.id).toBe(hashedId(id));
    expect(posix.paths.split(path.join(imageRoot, 'srv/tool.exe'))).toEqual({
      folderPath: '/srv',
      fileName: 'tool.exe',
    });
    expect({ places, catalogs }).toEqual({ places: [path.join(imageRoot, 'srv')], catalogs: [] });
    expect(() => plan({ imageRoot, deviceName: undefined })).toThrow('its own files say web8');
  });

  test('a data volume has neither: an id has to be given', () => {
    expect(() => plan({ imageRoot: outside })).toThrow('give --device-id');
    const { image: data } = plan({ imageRoot: outside, deviceId: 'ab'.repeat(20) });
    expect(data.paths.show(path.join(outside, 'a.exe'))).toBe('C:\\a.exe');
  });

  test.each([
    { name: 'a folder that is not there', options: { imageRoot: '/nonexistent' }, says: 'ENOENT' },
    { name: 'a file', options: { imageRoot: path.join(outside, 'a.exe') }, says: 'not a folder' },
    { name: 'live context', options: { live: true }, says: '--live' },
  ])('is refused: $name', ({ options, says }) => {
    expect(() => plan(options)).toThrow(says);
  });
});
