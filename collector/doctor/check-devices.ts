import { type Contacts, SILENT_AFTER_MS } from '../health/contacts.ts';
import { counted, type Finding, ok, warn } from './finding.ts';

/** Whether the fleet reports. Which devices, and what of them, the command `devices` tells. */
export function checkDevices({ devices, silent }: Contacts): Finding {
  if (devices === 0)
    return warn(
      'devices',
      'no device has ever sent anything',
      'give agents the address of this collector, and a token where they need one',
    );
  if (silent === 0) return ok('devices', `${counted(devices, 'device')}, none silent`);
  const days = SILENT_AFTER_MS / 86_400_000;
  return warn(
    'devices',
    `of ${counted(devices, 'device')} nothing has come from ${silent} for ${days} days`,
    'certsweep-collector devices names them',
  );
}
