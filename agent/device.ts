import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { defenderId, defenderValues } from './defender-id.ts';

/** The machine that was swept, as every record names it. */
export interface Device {
  /** 40 lower-case hex digits. */
  readonly id: string;
  readonly idSource: 'option' | 'defender' | 'machine-id' | 'host-name';
  readonly name: string;
}

/** What the command line says of the device. */
export interface DeviceOptions {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
}

/**
 * Keeps the machine id itself out of records: it is meant to be confidential. Never change it, or every device becomes a
 * new one. Source: machine-id(5), "should be considered confidential ... hashed with a fixed, application-specific key".
 */
const SALT = 'certsweep device id 1\n';
const SOFTWARE = 'HKLM\\SOFTWARE';
/** Below HKLM\SOFTWARE: made when Windows is installed. */
export const MACHINE_GUID = { key: 'Microsoft\\Cryptography', name: 'MachineGuid' };
const MACHINE_ID_FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

export async function identifyDevice(given: DeviceOptions): Promise<Device> {
  const name = given.name ?? (await fullHostName());
  if (given.id !== undefined) return { id: given.id, idSource: 'option', name };
  const isWindows = process.platform === 'win32';
  const defender = isWindows ? await onboardedId() : undefined;
  if (defender !== undefined) return { id: defender, idSource: 'defender', name };
  const machineId = isWindows ? await machineGuid() : machineIdFromFile();
  if (machineId !== undefined) return { id: hashedId(machineId), idSource: 'machine-id', name };
  return { id: hashedId(hostname()), idSource: 'host-name', name };
}

/** Stable, and not reversible to the machine id. */
export function hashedId(machineId: string): string {
  return createHash('sha1').update(SALT).update(machineId.trim().toLowerCase()).digest('hex');
}

/** The id in a machine-id file; undefined for one that is empty or `uninitialized`: a system that has never been booted. */
export function parseMachineId(text: string): string | undefined {
  const id = text.trim();
  return /^[0-9a-f]{32}$/i.test(id) ? id : undefined;
}

/** Absent in many containers. */
function machineIdFromFile(): string | undefined {
  for (const file of MACHINE_ID_FILES) {
    const id = parseMachineId(readIfThere(file) ?? '');
    if (id !== undefined) return id;
  }
  return undefined;
}

async function onboardedId(): Promise<string | undefined> {
  const { onboarded, id } = defenderValues;
  const state = await registryValue(`${SOFTWARE}\\${onboarded.key}`, onboarded.name);
  return defenderId(Number(state), await registryValue(`${SOFTWARE}\\${id.key}`, id.name));
}

function machineGuid(): Promise<string | undefined> {
  return registryValue(`${SOFTWARE}\\${MACHINE_GUID.key}`, MACHINE_GUID.name);
}

async function fullHostName(): Promise<string> {
  const host = hostname();
  if (host.includes('.')) return host;
  if (process.platform === 'win32') {
    const parameters = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';
    const domain = await registryValue(parameters, 'Domain');
    return domain === undefined ? host : `${host}.${domain}`;
  }
  return nameInHosts(readIfThere('/etc/hosts') ?? '', host) ?? host;
}

/** The fully qualified name that /etc/hosts gives for `host`, as `hostname -f` finds it. Source: hosts(5). */
export function nameInHosts(hosts: string, host: string): string | undefined {
  for (const line of hosts.split('\n')) {
    const [, ...names] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    if (!names.includes(host)) continue;
    const full = names.find((name) => name.startsWith(`${host}.`));
    if (full !== undefined) return full;
  }
  return undefined;
}

/** undefined where there is no such value, or where it is empty. reg.exe by its absolute path: a PATH can be anyone's. */
async function registryValue(key: string, name: string): Promise<string | undefined> {
  const reg = path.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'reg.exe');
  try {
    const { stdout } = await promisify(execFile)(reg, ['query', key, '/v', name, '/reg:64']);
    return /REG_(?:SZ|DWORD)\s+(\S+)\s*$/m.exec(stdout)?.[1]; // a number as 0x1
  } catch {
    return undefined; // reg.exe exits with 1 where the value is not there
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // not there or not ours to read: the next source is asked
  }
}
