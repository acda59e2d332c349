import path from 'node:path';
import type { Finding, SignatureReport } from '../../parsers/authenticode/signature-report.ts';
import type { VersionInfo } from '../../parsers/pe/version-info.ts';
import type { SignedKind } from '../../parsers/record/to-record.ts';
import { type RecordContext, toRecords } from '../../parsers/record/to-record.ts';
import { builtInRules } from '../../parsers/rules/built-in-rules.ts';
import {
  type LookAlike,
  type MatchGrade,
  signatureGrade,
} from '../../parsers/rules/match-grade.ts';
import { flagging } from '../flagging.ts';
import type { Image, Problem } from '../inspect/file-outcome.ts';
import {
  type FileStructure,
  type ImageStructure,
  readStructure,
  type SignatureStructure,
} from '../inspect/file-structure.ts';
import { countRoots } from '../trust/root-bundle.ts';
import type { TrustMaterial } from '../trust/trust-material.ts';
import { agentVersion } from '../version.ts';
import { readablePath } from '../walk/disk-path.ts';

/** Everything that is to be said of one file. As JSON it is what `inspect --format json` prints. */
export interface InspectReport {
  readonly file: {
    readonly path: string;
    readonly kind: SignedKind;
    /** Bytes. */
    readonly size: number;
    readonly sha1: string;
    readonly sha256: string;
    /** ISO 8601, UTC. */
    readonly modified: string;
  };
  readonly versionInfo: VersionInfo | null;
  readonly layout: ImageStructure | null;
  readonly signatures: readonly InspectedSignature[];
  /** The rules whose tool it claims to be without matching them. */
  readonly lookAlikes: readonly (RuleInReport & Pick<LookAlike, 'grade'>)[];
  /** Why a file has no signature though there is something in the place of one. */
  readonly malformed: readonly Finding[];
  /** Everything that could not be parsed. */
  readonly problems: readonly Pick<Problem, 'code' | 'offset' | 'detail'>[];
  readonly catalog: Image['catalog'];
  readonly trust: {
    /** Which roots judged, how many for each purpose, and whether they are fit to. */
    readonly source: string;
    readonly codeSigning: number;
    readonly timeStamping: number;
    readonly judges: boolean;
    /** ISO 8601: the time at which signatures without a countersignature are judged. */
    readonly now: string;
  };
}

export interface InspectedSignature extends SignatureReport {
  /** null for a signature that stands in a catalog. */
  readonly structure: SignatureStructure | null;
  /** The rules that flag it. */
  readonly rules: readonly RuleInReport[];
  /** How far that can be believed; null where none flags it. */
  readonly grade: MatchGrade | null;
}

export interface RuleInReport {
  readonly id: string;
  readonly name: string;
}

/** Puts together what was read of `image`, where it stands in the file, and which rules look for it. */
export function inspectReport(
  image: Image,
  problems: readonly Problem[],
  trust: TrustMaterial,
): InspectReport {
  const structure = readStructure(image.path);
  const { fileKind: kind, size, sha1, sha256 } = image;
  const modified = new Date(image.modifiedMs).toISOString();
  return {
    file: { path: readablePath(image.path), kind, size, sha1, sha256, modified },
    versionInfo: image.versionInfo ?? null,
    layout: structure.image ?? null,
    ...judged(image, structure, trust),
    malformed: image.malformed,
    problems: problems.map(({ code, offset, detail }) => ({ code, offset, detail })),
    catalog: image.catalog,
    trust: {
      source: trust.roots.source,
      codeSigning: countRoots(trust.roots, 'code_signing'),
      timeStamping: countRoots(trust.roots, 'time_stamping'),
      judges: trust.roots.judges,
      now: trust.now,
    },
  };
}

function judged(
  image: Image,
  structure: FileStructure,
  trust: TrustMaterial,
): Pick<InspectReport, 'signatures' | 'lookAlikes'> {
  const { grade } = flagging(builtInRules, Date.parse(trust.now));
  const { signatures: reports, malformed, catalog, path: file } = image;
  const place = { folderPath: path.dirname(file), fileName: path.basename(file) };
  const made = toRecords({ ...image, ...place }, { reports, malformed, catalog }, nobody());
  const records = grade(made);
  const lookAlikes = (records[0]?.LookAlikes ?? []) as unknown as readonly LookAlike[];
  return {
    signatures: reports.map((report, index) => {
      const rules = (records[index]?.Rules ?? []) as readonly string[];
      return {
        ...report,
        structure: structure.signatures[index] ?? null,
        rules: rules.map(inReport),
        grade: rules.length > 0 ? signatureGrade({ SignatureStatus: report.status }) : null,
      };
    }),
    lookAlikes: lookAlikes.map(({ rule, grade }) => ({ ...inReport(rule), grade })),
  };
}

function inReport(id: string): RuleInReport {
  return { id, name: builtInRules.find((rule) => rule.id === id)?.name ?? id };
}

/** Rules look at records; this one goes nowhere. */
function nobody(): RecordContext {
  const device = { deviceId: '', deviceIdSource: '', deviceName: '' };
  return { ...device, machineGroup: null, scanId: '', agentVersion, nextReportId: () => 0 };
}
