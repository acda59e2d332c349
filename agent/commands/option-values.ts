import { InvalidArgumentError } from 'commander';

/** A DeviceId as records have it: lower case. */
export function deviceId(text: string): string {
  if (!/^[0-9a-f]{40}$/i.test(text)) throw new InvalidArgumentError('40 hex digits are wanted.');
  return text.toLowerCase();
}
