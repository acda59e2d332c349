/** What was asked for cannot be done as it was asked: exit status 2 and a sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
