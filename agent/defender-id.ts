/** Below HKLM\SOFTWARE. */
const KEY = 'Microsoft\\Windows Advanced Threat Protection';

/** Where Defender for Endpoint keeps the id of the device: Microsoft documents OnboardingState, senseId is known from practice. */
export const defenderValues = {
  onboarded: { key: `${KEY}\\Status`, name: 'OnboardingState' },
  id: { key: KEY, name: 'senseId' },
};

/**
 * Defender's id of the device, 40 lower-case hex digits as in its DeviceId column; undefined where the device is not
 * onboarded (any more), or where what is there is no such id.
 */
export function defenderId(
  onboarded: number | undefined,
  senseId: string | undefined,
): string | undefined {
  const id = senseId?.trim().toLowerCase();
  return onboarded === 1 && id !== undefined && /^[0-9a-f]{40}$/.test(id) ? id : undefined;
}
