import { styleText } from 'node:util';

type Paint = (text: string) => string;

/** Colour helps the eye and says nothing that a word beside it does not. */
export interface Colours {
  readonly alarm: Paint;
  readonly warning: Paint;
  readonly good: Paint;
  readonly strong: Paint;
  readonly faint: Paint;
}

const plain: Paint = (text) => text;
export const noColours: Colours = {
  alarm: plain,
  warning: plain,
  good: plain,
  strong: plain,
  faint: plain,
};

/**
 * Colours for a terminal that shows them; for a file, a pipe, TERM=dumb or NO_COLOR none. FORCE_COLOR has them in a pipe, too.
 * Source: no-color.org, force-color.org; node's tty.WriteStream.getColorDepth decides.
 */
export function coloursOf(stream: NodeJS.WriteStream): Colours {
  const paint =
    (format: Parameters<typeof styleText>[0]): Paint =>
    (text) =>
      styleText(format, text, { stream });
  return {
    alarm: paint(['bold', 'red']),
    warning: paint('yellow'),
    good: paint('green'),
    strong: paint('bold'),
    faint: paint('dim'),
  };
}
