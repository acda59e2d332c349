import { execFile } from 'node:child_process';
import { lstatSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { fsPath } from './disk-path.ts';

/** Folders in which a file may be a placeholder: its content stays with a cloud service until someone opens it. */
export interface CloudFolders {
  /** Whether a folder is one of them or lies below one. */
  has(folder: string): boolean;
}

export const noCloudFolders: CloudFolders = { has: () => false };

/** Where the providers of files on demand (OneDrive, Dropbox, iCloud, ...) register the folders that they keep. */
const SYNC_ROOTS = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Explorer\\SyncRootManager';
const MAX_OUTPUT = 16 * 1024 * 1024;

/**
 * The sync roots of every user of this machine. Source: "Build a Cloud Sync Engine that Supports Placeholder Files",
 * UserSyncRoots.
 */
export async function cloudFolders(query = querySyncRoots): Promise<CloudFolders> {
  const folders = parseSyncRoots(await query());
  if (folders.length === 0) return noCloudFolders;
  return { has: (folder) => folders.some((pattern) => pattern.test(folder)) };
}

/**
 * Whether nothing of a file is on this disk: it has a size and no blocks. Asked only within cloud folders, where this says that
 * opening it would fetch it; elsewhere a file without blocks is sparse, compressed, or small enough for its directory entry.
 * Node has no file attributes (FILE_ATTRIBUTE_RECALL_ON_DATA_ACCESS). lstat opens for attributes alone, which fetches nothing.
 */
export function isCloudOnly(file: string): boolean {
  const { size, blocks } = lstatSync(fsPath(file));
  return size > 0 && blocks === 0;
}

/**
 * The folders in what reg.exe printed: values below a key UserSyncRoots, each named by a user's SID. A letter that its code
 * page has not got arrives as a replacement character or `?`, and stands for any.
 */
export function parseSyncRoots(output: string): RegExp[] {
  const folders: RegExp[] = [];
  let isUserRoots = false;
  for (const line of output.split(/\r?\n/)) {
    if (/^HKEY_/i.test(line)) isUserRoots = /\\UserSyncRoots\s*$/i.test(line);
    const folder = /^\s+S-1-\S+\s+REG_(?:EXPAND_)?SZ\s+(.+?)\\*\s*$/.exec(line)?.[1];
    if (isUserRoots && folder !== undefined) folders.push(folderPattern(folder));
  }
  return folders;
}

function folderPattern(folder: string): RegExp {
  const escaped = folder.replace(/[\\^$.*+()[\]{}|]/g, '\\$&');
  return new RegExp(`^${escaped.replace(/[?\ufffd]+/g, '[^\\\\]+')}(\\\\|$)`, 'is');
}

/** Empty where there are none. */
async function querySyncRoots(): Promise<string> {
  if (process.platform !== 'win32') return '';
  // By its absolute path: a PATH can be anyone's.
  const reg = path.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'reg.exe');
  try {
    const args = ['query', SYNC_ROOTS, '/s', '/reg:64'];
    const { stdout } = await promisify(execFile)(reg, args, { maxBuffer: MAX_OUTPUT });
    return stdout;
  } catch {
    return ''; // reg.exe exits with 1 where nothing is found
  }
}
