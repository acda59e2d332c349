import type { Notice } from './notice.ts';

/** What became of one attempt. `reason` is a sentence without its stop, and holds no secret. */
export type SendResult =
  | { readonly kind: 'delivered' }
  /** Not now: try again, not before `afterMs` where the receiver said so. */
  | { readonly kind: 'retry'; readonly reason: string; readonly afterMs?: number }
  /** Never: the notices are kept and listed. `ofContent`: it may be for one of several that all of them were refused. */
  | { readonly kind: 'refused'; readonly reason: string; readonly ofContent: boolean };

/** A way out for notices. One attempt is on its way at a time. */
export interface Channel {
  readonly name: string;
  readonly kind: 'webhook' | 'syslog' | 'file';
  /** Notices that it takes at once. */
  readonly most: number;
  /** `signal` ends an attempt when the collector stops: it counts as `retry`. Never rejects for what a receiver does. */
  send(notices: readonly Notice[], signal: AbortSignal): Promise<SendResult>;
  /** Ends connections that are kept. */
  close(): Promise<void>;
}

/** A sentence for an error of network or file, without what it was sent. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error && 'code' in error.cause) return reasonOf(error.cause);
  return error.message || ('code' in error ? String(error.code) : error.name);
}
