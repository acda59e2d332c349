import { writeSync } from 'node:fs';

/**
 * Answers `--version` where that is the whole command line, and says whether it did. The command line itself would do it as well, but
 * it and the stream for the output take longer to load than Node takes to start.
 */
export function answersVersion(argv: readonly string[], version: () => string): boolean {
  const [, , option = '', ...more] = argv;
  if (more.length > 0 || !['-V', '--version'].includes(option)) return false;
  try {
    writeSync(1, `${version()}\n`);
    return true;
  } catch {
    return false; // a pipe that is full or closed: the stream knows what to do
  }
}
