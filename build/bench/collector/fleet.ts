import { createHash } from 'node:crypto';
import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';

/** How much there is of what rows share. */
export interface FleetSize {
  readonly devices: number;
  readonly signers: number;
  readonly files: number;
}

const SIZE: FleetSize = { devices: 2_000, signers: 3_000, files: 60_000 };
const DAY_MS = 86_400_000;
/** Sweeps of the fleet are spread over so many days, of which the query sees five. */
const DAYS = 30;
const START_MS = Date.UTC(2026, 5, 1);
/** Of all rows, those that a rule flags; TightVNC's are fewer. */
const FLAGGED = 0.01;
const TIGHTVNC = 0.0002;
/** Of all rows, files in a user's folder, whose path no other device has. */
const OWN_PATH = 0.1;

/**
 * The rows of a fleet of computers as agents send them: a batch is the sweep of one device. The same every time.
 *
 * Few files are everywhere and many are rare, as are signers. A file is the same on all devices but for when it was created.
 */
export class Fleet {
  readonly deviceIds: readonly string[];
  readonly #random = randomFrom(1);
  readonly #files: readonly Partial<FileCertificateRecord>[];
  readonly #reportIds = new Map<number, number>();

  constructor(size: FleetSize = SIZE) {
    this.deviceIds = Array.from({ length: size.devices }, (_, device) => hex(`device ${device}`));
    this.#files = Array.from({ length: size.files }, (_, file) =>
      makeFile(file, size, this.#random),
    );
  }

  /** When sweep `index` of `sweeps` happened, milliseconds since 1970. */
  timeOf(index: number, sweeps: number): number {
    return START_MS + Math.floor((index / sweeps) * DAYS * DAY_MS);
  }

  /** Which device sweep `index` is of. */
  deviceOf(index: number): number {
    return index % this.deviceIds.length;
  }

  sweep(index: number, sweeps: number, rows: number): Partial<FileCertificateRecord>[] {
    const device = this.deviceOf(index);
    const user = `u${device.toString().padStart(6, '0')}`;
    const start = this.timeOf(index, sweeps);
    const first = this.#reportIds.get(device) ?? device * 1_000_000;
    this.#reportIds.set(device, first + rows);
    const sent = {
      DeviceId: this.deviceIds[device] ?? '',
      DeviceName: `ws-${user}.corp.example.test`,
      MachineGroup: `site-${device % 20}`,
      DeviceIdSource: 'machine-id',
      ScanId: hex(`sweep ${index}`).slice(0, 32),
      AgentVersion: '0.1.0',
    };
    return Array.from({ length: rows }, (_, row) => {
      const time = new Date(start + row * 3).toISOString();
      const own = this.#random() < OWN_PATH;
      return {
        ...this.#someFile(),
        ...(own && { FolderPath: `C:\\Users\\${user}\\AppData\\Local\\Temp\\${row % 40}` }),
        ...sent,
        Timestamp: time,
        ReadTime: time,
        FileCreatedTime: new Date(
          START_MS - Math.floor(this.#random() * 400 * DAY_MS),
        ).toISOString(),
        ReportId: first + row,
      };
    });
  }

  #someFile(): Partial<FileCertificateRecord> | undefined {
    const kind = this.#random();
    const common = this.#random() ** 2;
    if (kind < TIGHTVNC) return this.#files[Math.floor(this.#random() * TIGHTVNC_FILES)];
    if (kind < FLAGGED)
      return this.#files[TIGHTVNC_FILES + Math.floor(this.#random() * FLAGGED_FILES)];
    const first = TIGHTVNC_FILES + FLAGGED_FILES;
    return this.#files[first + Math.floor((this.#files.length - first) * common)];
  }
}

const TIGHTVNC_FILES = 8;
const FLAGGED_FILES = 200;
const WORDS =
  'Nord Data Blue Cyber Quant Alpha Hyper Open Sky Core Zen Terra Nova Mega Iron Delta'.split(' ');
const KINDS = 'soft works ware tech systems logic wave forge labs point gate stack mind link'.split(
  ' ',
);
const FORMS = ['Corporation', 'Inc.', 'LLC', 'GmbH', 'Ltd', 'Co., Ltd.', 'AB', 'Holding AG'];

function makeFile(
  file: number,
  { signers }: FleetSize,
  random: () => number,
): Partial<FileCertificateRecord> {
  const flagged = file < TIGHTVNC_FILES + FLAGGED_FILES;
  const signer = file < TIGHTVNC_FILES ? 0 : 1 + Math.floor((signers - 1) * random() ** 3);
  const name = signer === 0 ? 'GlavSoft LLC' : signerName(signer);
  const issuer = `Example Code Signing CA ${signer % 10}`;
  const created = START_MS - (100 + (signer % 900)) * DAY_MS;
  const signed = START_MS - (50 + (file % 800)) * DAY_MS;
  return {
    SHA1: hex(`file ${file}`),
    SHA256: hex(`file ${file}`, 'sha256'),
    FileSize: 40_000 + file * 17,
    FileKind: 'pe',
    FolderPath: `C:\\Program Files\\${name.replaceAll('.', '')}\\bin`,
    FileName: `module${file}.${file % 3 === 0 ? 'dll' : 'exe'}`,
    FileModifiedTime: new Date(signed).toISOString(),
    CompanyName: name,
    ProductName: `${name} Suite`,
    OriginalFileName: `module${file}.dll`,
    FileVersion: `${signer % 12}.${file % 40}.0.0`,
    IsSigned: true,
    SignatureType: 'Embedded',
    SignatureIndex: 0,
    SignatureStatus: 'Trusted',
    IsTrusted: true,
    IsRootSignerMicrosoft: false,
    Findings: [],
    DigestAlgorithm: 'sha256',
    AuthenticodeDigest: hex(`image ${file}`, 'sha256'),
    Signer: name,
    SignerHash: hex(`signer ${signer}`),
    SignerSubject: `CN=${name}, O=${name}, L=Springfield, C=US`,
    Issuer: issuer,
    IssuerHash: hex(issuer),
    IssuerSubject: `CN=${issuer}, O=Example Trust, C=US`,
    CertificateSerialNumber: hex(`serial ${signer}`).slice(0, 32),
    CrlDistributionPointUrls: `["http://crl.example.test/${signer % 10}.crl"]`,
    CertificateCreationTime: new Date(created).toISOString(),
    CertificateExpirationTime: new Date(created + 1_095 * DAY_MS).toISOString(),
    CertificateCountersignatureTime: new Date(signed).toISOString(),
    TimestampSigner: 'Example Time Stamping 2024',
    RevocationStatus: 'not-checked',
    TrustSource: 'tls-roots',
    Rules: flagged ? [`rmm-${file % 20}`] : [],
    MatchGrade: flagged ? 'signer' : null,
  };
}

function signerName(signer: number): string {
  const word = WORDS[signer % WORDS.length];
  const kind = KINDS[Math.floor(signer / WORDS.length) % KINDS.length];
  return `${word}${kind} ${signer} ${FORMS[signer % FORMS.length]}`;
}

function hex(text: string, algorithm = 'sha1'): string {
  return createHash(algorithm).update(text).digest('hex');
}

/** mulberry32: small, and the same on every machine. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
