import { readFileSync } from 'node:fs';

/**
 * File systems whose files are made up by the kernel as they are read: nothing is stored there, some never end
 * (/proc/kmsg), some act when read. tmpfs is not among them: /dev/shm and /run hold real files.
 * Source: Linux kernel documentation, "Filesystems in the Linux kernel".
 */
const VIRTUAL_TYPES = new Set(
  (
    'proc sysfs cgroup cgroup2 debugfs tracefs securityfs pstore bpf configfs fusectl mqueue efivarfs ' +
    'binfmt_misc rpc_pipefs nfsd selinuxfs devpts nsfs autofs'
  ).split(' '),
);

/** Where mountinfo cannot be read (another system, or no /proc mounted). */
const USUAL_PLACES = ['/proc', '/sys'];

/**
 * Absolute paths at which a virtual file system is mounted. The walk counts and leaves out those it comes to from above.
 * A path that was asked for is walked, whatever it is.
 */
export function virtualMounts(): ReadonlySet<string> {
  if (process.platform !== 'linux') return new Set();
  try {
    return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    return new Set(USUAL_PLACES);
  }
}

/**
 * The mount point is the fifth field, with blanks and backslashes as octal escapes; the type follows a lone `-`.
 * A later line hides an earlier one at the same place. Source: proc_pid_mountinfo(5).
 */
export function parseMountInfo(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const line of text.split('\n')) {
    const [mount = '', after = ''] = line.split(' - ');
    const place = mount.split(' ')[4];
    if (place === undefined) continue;
    const path = place.replace(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    if (VIRTUAL_TYPES.has(after.split(' ')[0] ?? '')) found.add(path);
    else found.delete(path);
  }
  return found;
}
