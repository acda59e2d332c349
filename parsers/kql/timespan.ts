const TICKS_PER_SECOND = 10_000_000n;

/** `[-][d.]hh:mm:ss[.fffffff]`. Source: .NET, "Standard TimeSpan format strings", the constant format. */
export function formatTimespan(ticks: bigint): string {
  const size = ticks < 0n ? -ticks : ticks;
  const fraction = size % TICKS_PER_SECOND;
  const seconds = size / TICKS_PER_SECOND;
  const days = seconds / 86_400n;
  const clock = [(seconds / 3600n) % 24n, (seconds / 60n) % 60n, seconds % 60n]
    .map((part) => part.toString().padStart(2, '0'))
    .join(':');
  return [
    ticks < 0n ? '-' : '',
    days > 0n ? `${days}.` : '',
    clock,
    fraction > 0n ? `.${fraction.toString().padStart(7, '0')}` : '',
  ].join('');
}
