import type { Answer } from './collector-client.ts';

/**
 * What an answer means for the batch that was sent. `later`: the same again may well pass by itself. `stuck`: nothing will
 * pass before a person has done what `why` says. `refused`: this batch never passes, others may. `unauthorized` is stuck
 * unless the token file holds another token by now.
 */
export type Verdict =
  | { readonly kind: 'stored' }
  | { readonly kind: 'later'; readonly why: string; readonly retryAfter: number }
  | { readonly kind: 'stuck' | 'unauthorized' | 'refused' | 'too-large'; readonly why: string };

/** Characters of an answer that is not the collector's. */
const QUOTED = 200;

export function verdictOn(answer: Answer, batchId: string): Verdict {
  if (answer.kind === 'none') return whyNoAnswer(answer);
  const { status, text, retryAfter } = answer;
  if (status === 200) {
    if (namesBatch(text, batchId)) return { kind: 'stored' };
    return {
      kind: 'stuck',
      why: 'answered 200, but not as a collector does; is the address right?',
    };
  }
  const said = `answered ${status}: ${whatItSaid(text)}`;
  if (status === 401)
    return {
      kind: 'unauthorized',
      why: `${said}. The token is missing, unknown or expired: give --token-file a valid one (certsweep enroll, or certsweep-collector enroll)`,
    };
  if (status === 403) return { kind: 'stuck', why: `${said}. ${whatToDoAbout403(text)}` };
  if (status === 413) return { kind: 'too-large', why: said };
  if (status === 400 && errorOf(text) !== undefined) return { kind: 'refused', why: said };
  if (status === 507)
    return {
      kind: 'later',
      retryAfter,
      why: `${said}. The disk of the collector is full: free some space there`,
    };
  if (status === 429)
    return { kind: 'later', retryAfter, why: `${said}. It wants fewer requests; waiting` };
  if (status === 408 || status === 425 || status >= 500)
    return {
      kind: 'later',
      retryAfter,
      why: `${said}. Look at the collector, or the proxy before it, if this stays`,
    };
  if (status >= 300 && status < 400)
    return {
      kind: 'stuck',
      why: `answered ${status}: it sends elsewhere, and the token does not go there. Give the collector's own address`,
    };
  return { kind: 'stuck', why: `${said}. Is the address that of a collector?` };
}

/** By the collector's code: a token can be another device's, or made for another purpose. Without one it is not the token. */
function whatToDoAbout403(text: string): string {
  switch (errorIn(text)?.code) {
    case 'wrong-device':
      return 'The token is not for this device: enroll this one, or give --token-file its own';
    case 'wrong-token':
      return "The token is a reader's or an enrolment key: give --token-file a device's (certsweep enroll)";
    case 'foreign-host':
    case 'foreign-origin':
      return 'The collector does not serve under this name: use one of those that it was given';
    default:
      return 'Somebody in between forbids it, or the token is not for this: ask whoever runs the collector or the proxy';
  }
}

/** The collector's errors are `{error: {code, message, ...}}`; other text is quoted. */
export function whatItSaid(text: string): string {
  return errorOf(text) ?? (text.slice(0, QUOTED).trim() || 'nothing more');
}

/** Certificates that are wrong by themselves, by OpenSSL's names as Node has them. Source: Node, "X509 certificate error codes". */
const WRONG_CERTIFICATE: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed: if it is yours, give it with --ca',
  SELF_SIGNED_CERT_IN_CHAIN: 'ends at a root that is not trusted here: give that root with --ca',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'has an issuer that is not trusted here: give that issuer with --ca, or let the collector send its whole chain',
  UNABLE_TO_GET_ISSUER_CERT: 'ends at an issuer that is not trusted here: give its root with --ca',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'ends at an issuer that is not trusted here: give its root with --ca',
  CERT_HAS_EXPIRED: 'has expired: renew it, and see whether the clock here is right',
  CERT_NOT_YET_VALID: 'is not valid yet: see whether the clock here is right',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'is for another host name: use the name that is in it, or give the collector one for this name',
  CERT_SIGNATURE_FAILURE: 'has a signature that is wrong: somebody may be in between',
  CERT_REVOKED: 'has been revoked: renew it',
};

const NO_ANSWER: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there: is the collector running, and the port right?',
  ENOTFOUND: 'there is no host of that name: is the address right?',
  EAI_AGAIN: 'the name could not be looked up: is the network there?',
  ENETUNREACH: 'the network is not reachable',
  EHOSTUNREACH: 'the host is not reachable',
  ECONNRESET: 'the connection was cut before the answer came',
  EPIPE: 'the connection was cut while the batch was sent',
  UND_ERR_SOCKET: 'the connection was cut before the answer came',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time: is a firewall in between?',
  ETIMEDOUT: 'no connection in time: is a firewall in between?',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time: the collector is too slow, or hangs',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped in its middle',
  TimeoutError: 'no answer in time: the collector is too slow, or hangs',
};

/** What a person can do where no answer came. */
export function whyNoAnswer({
  code,
  message,
}: {
  readonly code: string;
  readonly message: string;
}): Exclude<Verdict, { kind: 'stored' }> {
  const certificate = WRONG_CERTIFICATE[code];
  if (certificate !== undefined)
    return { kind: 'stuck', why: `not sent: its certificate ${certificate} (${code})` };
  if (/^(ERR_SSL|ERR_TLS|EPROTO|CERT_)/.test(code))
    return {
      kind: 'stuck',
      why: `not sent: no TLS connection (${code}: ${message}): is it https, and the port right?`,
    };
  const status = /^Proxy response \((\d+)\)/.exec(message)?.[1];
  if (status !== undefined)
    return {
      kind: status === '407' || status === '403' ? 'stuck' : 'later',
      retryAfter: 0,
      why: `the proxy answered ${status} and made no connection: see HTTPS_PROXY and NO_PROXY`,
    };
  const reason = NO_ANSWER[code] ?? message;
  return { kind: 'later', retryAfter: 0, why: `no answer (${code || 'no code'}): ${reason}` };
}

/** A proxy's friendly page with status 200 is not an acknowledgement: the collector names the batch. */
function namesBatch(text: string, batchId: string): boolean {
  const answer = parseJson(text) as { batch?: unknown } | null | undefined;
  return answer?.batch === batchId;
}

function errorOf(text: string): string | undefined {
  const message = errorIn(text)?.message;
  return typeof message === 'string' ? message : undefined;
}

function errorIn(text: string): { code?: unknown; message?: unknown } | undefined {
  const answer = parseJson(text) as
    | { error?: { code?: unknown; message?: unknown } }
    | null
    | undefined;
  return answer?.error;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // somebody else's page
  }
}
