import type { DerElement } from './der-reader.ts';
import { latin1 } from './strings.ts';
import { TAG, tagName } from './tags.ts';

const UTC_TIME = /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:Z|([+-])(\d{2})(\d{2}))$/;
const GENERALIZED_TIME =
  /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?(?:[.,](\d+))?(?:Z|([+-])(\d{2})(\d{2}))$/;
/** Datetimes have ticks of 100 ns. */
const FRACTION_DIGITS = 7;

/**
 * UTCTime or GeneralizedTime as ISO 8601 with Z: `2017-08-21T14:53:39Z`, with up to 7 fraction digits where there are any.
 *
 * Two-digit years below 50 are 20xx. Seconds may be absent and zones may stand for Z: DER forbids both, old
 * countersignatures have them. A time without a zone is refused. Source: X.680 §46, §47; RFC 5280 §4.1.2.5.
 */
export function decodeTime(element: DerElement): string {
  if (element.tag !== TAG.utcTime && element.tag !== TAG.generalizedTime)
    throw element.error('bad-value', `${tagName(element.tag)} where a time belongs`);
  if (element.content.length > 40)
    throw element.error('bad-length', `a time of ${element.content.length} octets`);

  const text = latin1(element.content);
  const iso = element.tag === TAG.utcTime ? fromUtcTime(text) : fromGeneralizedTime(text);
  if (iso === undefined)
    throw element.error('bad-value', `${JSON.stringify(text)} is not a ${tagName(element.tag)}`);
  return iso;
}

function fromUtcTime(text: string): string | undefined {
  const match = UTC_TIME.exec(text);
  if (!match) return undefined;
  const [, yy, month, day, hour, minute, second, sign, zoneHours, zoneMinutes] = match;
  const year = Number(yy) < 50 ? `20${yy}` : `19${yy}`;
  const zone = zoneOffsetMinutes(sign, zoneHours, zoneMinutes);
  return toIso([year, month, day, hour, minute, second], '', zone);
}

function fromGeneralizedTime(text: string): string | undefined {
  const match = GENERALIZED_TIME.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, sign, zoneHours, zoneMinutes] = match;
  // Without seconds the fraction would be one of a minute: no signer does that.
  if (second === undefined && fraction !== undefined) return undefined;
  const zone = zoneOffsetMinutes(sign, zoneHours, zoneMinutes);
  return toIso([year, month, day, hour, minute, second], fraction ?? '', zone);
}

function toIso(
  parts: readonly (string | undefined)[],
  fraction: string,
  zoneMinutes: number,
): string | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    Number(part ?? 0),
  );
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  date.setUTCHours(hour, minute - zoneMinutes, second);
  if (date.getUTCFullYear() < 0 || date.getUTCFullYear() > 9999) return undefined;
  const digits = fraction.slice(0, FRACTION_DIGITS).replace(/0+$/, '');
  return `${date.toISOString().slice(0, 19)}${digits === '' ? '' : `.${digits}`}Z`;
}

function zoneOffsetMinutes(sign = '+', hours = '0', minutes = '0'): number {
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
