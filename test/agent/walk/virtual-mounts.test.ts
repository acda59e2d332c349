import { expect, test } from 'vitest';
import { parseMountInfo } from '../../../agent/walk/virtual-mounts.ts';

const MOUNTINFO = `
26 1 254:0 / / rw,relatime - ext4 /dev/vda rw
21 26 0:20 / /proc rw,relatime shared:5 - proc proc rw
22 26 0:21 / /sys rw,relatime master:1 propagate_from:2 - sysfs sysfs rw
24 26 0:22 / /dev/shm rw,relatime - tmpfs tmpfs rw
40 26 0:40 / /srv/a\\040b\\134c rw - proc proc rw
41 26 0:41 / /hidden rw - proc proc rw
42 26 8:1 / /hidden rw - ext4 /dev/sdb1 rw
not a mount line
`;

test('finds made-up file systems, reads octal escapes, and knows that a later mount hides an earlier one', () => {
  expect([...parseMountInfo(MOUNTINFO)]).toEqual(['/proc', '/sys', '/srv/a b\\c']);
});
