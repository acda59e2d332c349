import type { FileCertificateRecord } from '../../../parsers/record/columns.ts';
import { record } from '../records.ts';
import type { Random } from './random.ts';
import { SIGNERS } from './random-queries.ts';

const TIMES = ['2026-07-01T00:00:00Z', '2026-07-02T00:00:00Z', '2026-07-02T00:00:00.0000001Z'];

/** `count` different records with everything that tells stores apart: nulls, '', ties, dual signatures, non-ASCII. */
export function randomRecords(random: Random, count: number): FileCertificateRecord[] {
  const rare = <Value>(values: readonly Value[]) =>
    random.next() < 0.25 ? null : random.pick(values);
  return Array.from({ length: count }, (_, index) =>
    record({
      Timestamp: random.pick(TIMES),
      DeviceId: random.pick(['d1', 'd2', 'D1']),
      DeviceName: rare(['host', 'HOST', '', 'hôte']),
      SHA1: rare(['01', '02']),
      IsSigned: random.pick([true, true, true, false, null]),
      Signer: rare(SIGNERS),
      ReportId: index,
      IsTrusted: rare([true, false]),
      CertificateExpirationTime: rare(TIMES),
      FolderPath: rare(['C:\\x', '']),
      FileName: rare(['a.exe', 'B.EXE', '']),
      FileSize: rare([0, 1, 2, -1, Number.MAX_SAFE_INTEGER]),
      SignatureIndex: rare([0, 1, 2]),
      SignatureStatus: rare(['NotJudged', 'HashMismatch']),
      FileModifiedTime: rare(TIMES),
      ReadTime: rare(TIMES),
    }),
  );
}
