import { type Html, html } from './html.ts';

const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'];

/** `12,345`. */
export function grouped(count: number | null): string {
  return String(count ?? 0).replace(/\B(?=(\d{3})+$)/g, ','); // Intl loads its tables: 0.1 s in every scan
}

/** `1 file`, `2 files`. */
export function counted(count: number | null, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** `4.3 MB`, powers of 1,000. */
export function bytes(count: number | null): string {
  let value = count ?? 0;
  if (value < 1000) return counted(value, 'byte');
  let unit = -1;
  for (; value >= 999.95 && unit < UNITS.length - 1; unit += 1) value /= 1000;
  return `${value.toFixed(1)} ${UNITS[unit]}`;
}

/** `4.3 MB (4,300,123 bytes)`. */
export function exactBytes(count: number | null): string {
  return (count ?? 0) < 1000 ? bytes(count) : `${bytes(count)} (${grouped(count)} bytes)`;
}

/** A time of a record, ISO 8601 with Z, to the second and with its zone. */
export function time(iso: string | null): Html | null {
  if (iso === null) return null;
  const parts = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})/.exec(iso);
  if (parts === null) return html`${iso}`;
  return html`<time datetime="${iso}">${parts[1] ?? ''} ${parts[2] ?? ''} UTC</time>`;
}

export function day(iso: string | null): string | null {
  return iso === null ? null : iso.slice(0, 10);
}

/** `1 h 02 min`, `4.2 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${pad(Math.floor(seconds % 60))} s`;
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

function pad(count: number): string {
  return `${count}`.padStart(2, '0');
}
