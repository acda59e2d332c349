import { readExportBatches } from '../../parsers/exports/read-export.ts';

/** Rows of one chunk of the generated export. */
const CHUNK_ROWS = 500;
const COLUMNS = ['Timestamp', 'DeviceId', 'DeviceName', 'SHA1', 'IsSigned', 'Signer', 'Issuer'];

/** Reads generated exports of `rows` rows, a format after the other, and prints rows/s and the largest memory seen. */
export async function benchExports(rows: number): Promise<void> {
  for (const format of ['graph', 'eventhub', 'portal-csv'] as const) {
    let read = 0;
    let bytes = 0;
    let maxRss = 0;
    const source = generate(format, rows, (size) => {
      bytes += size;
    });
    const start = performance.now();
    for await (const items of readExportBatches(source, { name: format })) {
      read += items.filter(({ kind }) => kind === 'row').length;
      maxRss = Math.max(maxRss, process.memoryUsage.rss());
    }
    const seconds = (performance.now() - start) / 1000;
    if (read !== rows) throw new Error(`${format}: ${read} rows were read of ${rows}`);
    const parts = [
      `${format.padEnd(12)} ${rows} rows`,
      `${(bytes / 1e6).toFixed(0)} MB`,
      `${seconds.toFixed(1)} s`,
      `${(maxRss / 1e6).toFixed(0)} MB resident at most`,
    ];
    console.log(parts.join(', '));
  }
}

async function* generate(
  format: 'graph' | 'eventhub' | 'portal-csv',
  rows: number,
  count: (size: number) => void,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const encode = (text: string) => {
    const bytes = encoder.encode(text);
    count(bytes.length);
    return bytes;
  };
  if (format === 'graph') yield encode('{"schema":[],"results":[');
  if (format === 'portal-csv') yield encode(`${COLUMNS.join(',')}\r\n`);
  for (let from = 0; from < rows; from += CHUNK_ROWS) {
    const lines: string[] = [];
    for (let index = from; index < Math.min(rows, from + CHUNK_ROWS); index += 1)
      lines.push(line(format, index));
    const separator = format === 'graph' && from > 0 ? ',' : '';
    yield encode(separator + lines.join(format === 'graph' ? ',' : ''));
  }
  if (format === 'graph') yield encode(']}');
}

function line(format: 'graph' | 'eventhub' | 'portal-csv', index: number): string {
  const row = {
    Timestamp: new Date(1_790_000_000_000 + index * 37).toISOString().replace('Z', '1234Z'),
    DeviceId: (index % 2_000).toString(16).padStart(40, '0'),
    DeviceName: `host-${index % 2_000}.example.com`,
    SHA1: index.toString(16).padStart(40, 'f'),
    IsSigned: true,
    Signer: `Signer ${index % 300}`,
    Issuer: 'DigiCert Trusted G4 Code Signing RSA4096 SHA384 2021 CA1',
  };
  if (format === 'portal-csv') return `${Object.values(row).join(',')}\r\n`;
  const more = {
    SignerHash: row.DeviceId,
    IssuerHash: row.DeviceId,
    CertificateCreationTime: '2024-01-01T00:00:00Z',
    CertificateExpirationTime: '2027-01-01T00:00:00Z',
    CrlDistributionPointUrls: '["http://crl3.digicert.com/x.crl"]',
    IsTrusted: true,
    ReportId: index,
  };
  if (format === 'graph') return JSON.stringify({ ...row, ...more });
  const category = 'AdvancedHunting-DeviceFileCertificateInfo';
  return `${JSON.stringify({ time: row.Timestamp, category, properties: { ...row, ...more } })}\n`;
}
