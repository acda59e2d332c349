import { hostname } from 'node:os';
import { type Identity, readIdentity } from '../tls/identity.ts';
import { selfMadeIdentity } from '../tls/self-made.ts';
import { parseServerName, type ServerName } from '../tls/server-name.ts';
import { UsageError } from '../usage-error.ts';

export interface TlsOptions {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsSelfSigned?: boolean;
  readonly tlsName?: readonly string[];
}

/** Reads the identity, or makes it. Called at start and again on SIGHUP. Throws UsageError. */
export type IdentitySource = () => Identity;

/** Where `serve` has its identity from; undefined without TLS. `tell` takes sentences for the person who starts it. */
export function identitySource(
  options: TlsOptions,
  dataFolder: string,
  tell: (line: string) => void,
): IdentitySource | undefined {
  const { tlsCert, tlsKey, tlsSelfSigned = false, tlsName = [] } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new UsageError('--tls-cert and --tls-key belong together: give both files');
  if (tlsCert !== undefined && tlsSelfSigned)
    throw new UsageError('give either --tls-cert with --tls-key, or --tls-self-signed');
  if (tlsName.length > 0 && !tlsSelfSigned)
    throw new UsageError('--tls-name is for --tls-self-signed: a given certificate has its names');
  if (tlsCert !== undefined && tlsKey !== undefined)
    return () => readIdentity(tlsCert, tlsKey, new Date());
  if (!tlsSelfSigned) return undefined;

  const names = ownNames(tlsName);
  let told = false;
  return () => {
    const made = selfMadeIdentity(dataFolder, names, new Date());
    for (const note of made.notes) tell(note);
    if (told && made.notes.length === 0) return made;
    told = true;
    tell(`agents reach this collector by ${names.map(({ text }) => text).join(', ')}`);
    tell(`agents need --ca ${made.caFile}, SHA-256 fingerprint ${made.ca.fingerprint256}`);
    return made;
  };
}

/** Loopback, the host's name where a certificate can hold it, and what `--tls-name` adds. */
function ownNames(more: readonly string[]): readonly ServerName[] {
  const names = ['localhost', '127.0.0.1', '::1'].map(given);
  const own = parseServerName(hostname());
  return dedupe([...names, ...(own ? [own] : []), ...more.map(given)]);
}

function given(text: string): ServerName {
  const name = parseServerName(text);
  if (name) return name;
  throw new UsageError(`--tls-name takes a DNS name or an address, not ${text}`);
}

function dedupe(names: readonly ServerName[]): readonly ServerName[] {
  return [...new Map(names.map((name) => [name.text, name])).values()];
}
