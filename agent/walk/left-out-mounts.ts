import { readFileSync } from 'node:fs';

/** Why the walk does not enter a file system that it comes to. */
export type MountReason = 'virtual-file-system' | 'network-file-system';

/**
 * File systems that the walk counts and leaves out where it comes to them from above or by a link. What was asked for by
 * its path is walked, whatever it is.
 */
export interface LeftOutMounts {
  /** By absolute path: known before anything there is asked, as a server that has gone holds up whoever asks it. */
  readonly paths: ReadonlyMap<string, MountReason>;
  /** By `st_dev`: what was reached by another way than the path it is mounted at. */
  readonly devices: ReadonlyMap<number, MountReason>;
  /** Whether links into `\\server\share` are left alone. Windows mounts no share into a folder: only links lead there. */
  readonly remoteTargets: boolean;
}

export interface DefaultExcludes {
  /** `--network`: enter network file systems. */
  readonly network?: boolean | undefined;
  /** False with `--no-default-excludes`: nothing is left out. */
  readonly defaultExcludes?: boolean | undefined;
}

/**
 * File systems whose files are made up as they are read: nothing is stored there, some never end (/proc/kmsg), some act
 * when read. tmpfs is not among them: /dev/shm and /run hold real files. Nor is overlay, which holds those of containers.
 * Source: Linux kernel documentation, "Filesystems in the Linux kernel"; lxcfs(1); xdg-document-portal.
 */
const VIRTUAL_TYPES = new Set(
  (
    'proc sysfs cgroup cgroup2 debugfs tracefs securityfs pstore bpf configfs fusectl mqueue efivarfs ' +
    'binfmt_misc rpc_pipefs nfsd selinuxfs smackfs resctrl binder functionfs xenfs devpts nsfs autofs ' +
    'fuse.lxcfs fuse.portal'
  ).split(' '),
);

/**
 * File systems that another machine keeps. Each host has its own agent, and a walk of one file server by every client is
 * an attack on it. 9p, virtiofs, vboxsf and their like are not among them: a guest's own disk may be one, as /mnt/c in WSL.
 */
const NETWORK_TYPES = new Set(
  (
    'nfs nfs4 cifs smb3 smbfs ncpfs afs coda ceph glusterfs lustre gpfs beegfs orangefs panfs cvmfs davfs ' +
    'fuse.sshfs fuse.rclone fuse.s3fs fuse.gcsfuse fuse.goofys fuse.blobfuse fuse.blobfuse2 fuse.glusterfs ' +
    'fuse.ceph fuse.ceph-fuse fuse.curlftpfs fuse.davfs fuse.davfs2 fuse.juicefs fuse.seaweedfs fuse.smbnetfs ' +
    'fuse.gvfsd-fuse fuse.kio-fuse fuse.mfs fuse.moosefs fuse.lizardfs fuse.onedriver fuse.google-drive-ocamlfuse'
  ).split(' '),
);

/** What a FUSE file system of no known type was mounted from: `//server/share`, `https://...`. */
const REMOTE_SOURCE = /^(\/\/|[a-z][a-z0-9+.-]*:\/\/)/i;

/** Where mountinfo cannot be read (another system, or no /proc mounted). */
const USUAL_PLACES = new Map<string, MountReason>([
  ['/proc', 'virtual-file-system'],
  ['/sys', 'virtual-file-system'],
]);

/** What is mounted now. Mounts that are made while the walk runs are entered. */
export function leftOutMounts(options: DefaultExcludes = {}): LeftOutMounts {
  if (options.defaultExcludes === false) return nothingLeftOut;
  const remoteTargets = options.network !== true;
  if (process.platform !== 'linux') return { ...nothingLeftOut, remoteTargets };
  try {
    return parseMountInfo(readFileSync('/proc/self/mountinfo', 'utf8'), options);
  } catch {
    return { paths: USUAL_PLACES, devices: new Map(), remoteTargets };
  }
}

export const nothingLeftOut: LeftOutMounts = {
  paths: new Map(),
  devices: new Map(),
  remoteTargets: false,
};

/**
 * `major:minor` is the third field and the mount point the fifth, with blanks and backslashes as octal escapes; type and
 * source follow a lone `-`. A later line hides an earlier one at the same place. Source: proc_pid_mountinfo(5).
 */
export function parseMountInfo(text: string, { network = false }: DefaultExcludes): LeftOutMounts {
  const paths = new Map<string, MountReason>();
  const devices = new Map<number, MountReason>();
  for (const line of text.split('\n')) {
    const [mount = '', after = ''] = line.split(' - ');
    const [, , numbers = '', , place] = mount.split(' ');
    if (place === undefined) continue;
    const path = place.replace(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const reason = reasonFor(after.split(' '), network);
    if (reason === undefined) {
      paths.delete(path);
    } else {
      paths.set(path, reason);
      devices.set(deviceNumber(numbers), reason);
    }
  }
  return { paths, devices, remoteTargets: !network };
}

function reasonFor([type = '', source = '']: string[], network: boolean): MountReason | undefined {
  if (VIRTUAL_TYPES.has(type)) return 'virtual-file-system';
  const isRemote =
    NETWORK_TYPES.has(type) || (/^fuse(\.|$)/.test(type) && REMOTE_SOURCE.test(source));
  return isRemote && !network ? 'network-file-system' : undefined;
}

/** `st_dev` as stat gives it: 12 bits of major between 8 low and 12 high bits of minor. Source: makedev(3), Linux. */
function deviceNumber(numbers: string): number {
  const [major = 0, minor = 0] = numbers.split(':').map(Number);
  return (minor & 0xff) + major * 0x100 + (minor & 0xfff00) * 0x1000;
}
