import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Where the shared inputs are: real signed files, rules, roots. A user's checkout has none; CI always has.
 * CERTSWEEP_SHARED points elsewhere.
 */
export const sharedFolder = path.resolve(
  process.env.CERTSWEEP_SHARED ?? path.join(import.meta.dirname, '../../shared'),
);
export const corpusFolder = path.join(sharedFolder, 'corpus', 'files');

/** True where the corpus is at hand. In CI its absence is an error, elsewhere a loud line and skipped tests. */
export function haveShared(): boolean {
  if (existsSync(corpusFolder)) return true;
  const message = `certsweep: no corpus at ${corpusFolder} (set CERTSWEEP_SHARED): tests on real files are LEFT OUT`;
  if (process.env.CI) throw new Error(message);
  console.warn(message);
  return false;
}

/** One row of the oracle: what independent tools say of one corpus file. Only the fields that tests use. */
export interface OracleRow {
  readonly file: string;
  readonly sha1: string;
  readonly sha256: string;
  readonly size: number;
  readonly kind: string;
  readonly authentihash?: Readonly<Record<string, string>>;
  readonly certificate_table?: {
    readonly offset: number;
    readonly size: number;
    readonly entries: readonly {
      readonly length: number;
      readonly rev: string;
      readonly type: number;
    }[];
  };
  readonly signatures: readonly OracleSignature[];
  readonly file_verdict: string;
  readonly osslsigncode: { readonly rc: number; readonly sigs: number | null };
}

export interface OracleSignature {
  readonly digest_algorithm: string;
  readonly embedded_digest: string;
  readonly computed_digest: string;
  readonly digest_matches: boolean;
  readonly signer: OracleCertificate | null;
  readonly issuer_sha1: string | null;
  readonly timestamps: readonly {
    readonly kind?: string;
    readonly time: string | null;
    readonly signer_cn?: string | null;
  }[];
  readonly program_name: string | null;
  readonly more_info: string | null;
  readonly verdict: string | null;
}

export interface OracleCertificate {
  readonly subject_cn: string | null;
  readonly subject_o: string | null;
  readonly issuer_cn: string | null;
  readonly serial: string;
  readonly sha1: string;
  readonly sha256: string;
  readonly not_before: string;
  readonly not_after: string;
  readonly crl: readonly string[];
}

export function readOracle(): OracleRow[] {
  const text = readFileSync(path.join(sharedFolder, 'corpus', 'oracle.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as OracleRow);
}
