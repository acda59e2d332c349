import type { ExportFormat } from '../../parsers/exports/export-row.ts';
import type { TimeWindow } from '../hunt/time-ranges.ts';

/** A service that answers KQL over DeviceFileCertificateInfo, and what is known of its limits. */
export interface LiveService {
  /** For messages. */
  readonly name: string;
  /** Of its answers. */
  readonly format: ExportFormat;
  /** Where queries are posted. */
  readonly url: URL;
  /** An answer with so many rows may have been cut. */
  readonly mostRows: number;
  /** Days before now of which it can have rows. */
  readonly days: number;
  /** What a token must be good for. */
  readonly permission: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of a request, and which rows it speaks of. */
  body(query: string, window: TimeWindow): object;
}
