import { describe, expect, test } from 'vitest';
import { leftOutMounts, parseMountInfo } from '../../../agent/walk/left-out-mounts.ts';

const MOUNTINFO = `
26 1 254:0 / / rw,relatime - ext4 /dev/vda rw
21 26 0:20 / /proc rw,relatime shared:5 - proc proc rw
22 26 0:21 / /sys rw,relatime master:1 propagate_from:2 - sysfs sysfs rw
24 26 0:22 / /dev/shm rw,relatime - tmpfs tmpfs rw
40 26 0:40 / /srv/a\\040b\\134c rw - proc proc rw
41 26 0:41 / /hidden rw - proc proc rw
42 26 8:1 / /hidden rw - ext4 /dev/sdb1 rw
50 26 0:300 / /mnt/files rw - nfs4 server:/export rw
51 26 0:51 / /mnt/share rw - cifs //server/share rw
52 26 0:52 / /home/u/remote rw - fuse.sshfs u@host:/ rw
53 26 0:53 / /mnt/dav rw - fuse https://dav.example/ rw
54 26 0:54 / /mnt/c rw - 9p drvfs rw
55 26 0:55 / /mnt/usb rw - fuseblk /dev/sdc1 rw
56 26 0:56 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw
57 26 0:57 / /var/lib/lxcfs rw - fuse.lxcfs lxcfs rw
not a mount line
`;

const VIRTUAL = ['/proc', '/sys', '/srv/a b\\c', '/var/lib/lxcfs'];
const NETWORK = ['/mnt/files', '/mnt/share', '/home/u/remote', '/mnt/dav'];

describe('parseMountInfo', () => {
  test('finds made-up and remote file systems, and leaves a guest its own disks', () => {
    const { paths, remoteTargets } = parseMountInfo(MOUNTINFO, {});
    const by = (wanted: string) => [...paths].filter(([, why]) => why === wanted).map(([at]) => at);
    expect(by('virtual-file-system')).toEqual(VIRTUAL);
    expect(by('network-file-system')).toEqual(NETWORK);
    expect(remoteTargets).toBe(true);
  });

  test('leaves out no network with --network', () => {
    const { paths, devices, remoteTargets } = parseMountInfo(MOUNTINFO, { network: true });
    expect([...paths.keys()]).toEqual(VIRTUAL);
    expect([...devices.values()]).toEqual(Array(5).fill('virtual-file-system'));
    expect(remoteTargets).toBe(false);
  });

  test('knows devices by the number that stat gives, and those of hidden mounts as well', () => {
    const { devices } = parseMountInfo(MOUNTINFO, {});
    expect(devices.get(20)).toBe('virtual-file-system');
    expect(devices.get(41)).toBe('virtual-file-system');
    expect(devices.get(0x10002c)).toBe('network-file-system'); // 0:300
    expect(devices.has(0x801)).toBe(false); // 8:1
  });
});

test('nothing at all is left out with --no-default-excludes', () => {
  const { paths, devices } = leftOutMounts({ defaultExcludes: false });
  expect(paths.size + devices.size).toBe(0);
});
