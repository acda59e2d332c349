/** Characters of one command. */
const LONGEST = 32 * 1024;
/** What may stand before the path in ExecStart. Source: systemd.service(5), "COMMAND LINES", special executable prefixes. */
const PREFIXES = /^[@\-:+!|]+/;

/**
 * The words of a command that are absolute paths: the program, and what an interpreter such as Wine is given to run. Quoted
 * parts hold together, a backslash takes the next character as it is. Source: systemd.syntax(7), "Quoting".
 */
export function absoluteWords(command: string): string[] {
  return wordsOf(command.slice(0, LONGEST))
    .map((word, index) => (index === 0 ? word.replace(PREFIXES, '') : word))
    .filter((word) => word.startsWith('/'));
}

/** A quote that is never closed holds the rest together. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '\\') word += text[++at] ?? '';
    else if (char === quote) quote = '';
    else if (quote !== '') word += char;
    else if (char === '"' || char === "'") quote = char;
    else if (!/\s/.test(char)) word += char;
    else {
      words.push(word);
      word = '';
    }
  }
  words.push(word);
  return words.filter((found) => found !== '');
}
