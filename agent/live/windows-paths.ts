import path from 'node:path';

/** Characters of one command. */
const LONGEST = 8 * 1024;
/** How a path ends where nothing quotes it: at the first of these that a blank or the end follows. */
const UNQUOTED = /[A-Za-z]:\\.*?\.(?:exe|com|bat|cmd|scr|dll|sys|ps1|vbs|js|wsf|msi)(?=\s|$|,)/gi;
const QUOTED = /"([A-Za-z]:\\[^"]+)"/g;

/**
 * The absolute paths that a Windows command names, folded as file names are compared: the program itself, quoted or not,
 * and what a host such as rundll32 is given. `environment` resolves %NAME%.
 */
export function windowsPaths(
  command: string,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  const text = expand(command.slice(0, LONGEST), environment)
    .replace(/^\\\?\?\\/, '')
    .replace(/^\\SystemRoot\\/i, `${environment.SystemRoot ?? 'C:\\Windows'}\\`);
  const quoted = [...text.matchAll(QUOTED)].map(([, inner = '']) => inner);
  const unquoted = [...text.replaceAll(/"[^"]*"/g, ' ').matchAll(UNQUOTED)].map(([whole]) => whole);
  return [...new Set([...quoted, ...unquoted].map(foldWindowsPath))];
}

/** `\\?\C:\A\..\B.EXE` and `c:\b.exe` are one file. */
export function foldWindowsPath(file: string): string {
  return path.win32.normalize(file.replace(/^\\\\\?\\/, '')).toLowerCase();
}

function expand(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  const folded = new Map(
    Object.entries(environment).map(([key, value]) => [key.toLowerCase(), value]),
  );
  return text.replaceAll(
    /%([A-Za-z_][\w()]*)%/g,
    (whole, name: string) => folded.get(name.toLowerCase()) ?? whole,
  );
}
