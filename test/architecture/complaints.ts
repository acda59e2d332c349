import path from 'node:path';
import { type Deed, readSourceFacts, type SourceFacts } from './source-facts.ts';

export interface ArchitectureRules {
  /** Which top-level folders (and files) each folder may import from. */
  readonly mayImport: Readonly<Record<string, readonly string[]>>;
  /**
   * Which npm packages and node: modules each folder may use; absent means any. Types count as use. A file named here
   * may use these as well.
   */
  readonly mayUse: Readonly<Record<string, readonly string[]>>;
  readonly forbidden: readonly ForbiddenDeed[];
  readonly maxLines: number;
  /** Written by a program: no limit of lines. */
  readonly generated: readonly string[];
}

export interface ForbiddenDeed {
  readonly deed: Deed;
  readonly folders: readonly string[];
  /** Files that may, as paths from the top. */
  readonly but?: readonly string[];
}

/** Sources by path from the top of the project, `/` between folders. */
export type SourceTree = Readonly<Record<string, string>>;

/** One sentence for each break of a rule, in order of path and line. Empty means that the architecture holds. */
export function complaintsAbout(tree: SourceTree, rules: ArchitectureRules): string[] {
  return Object.keys(tree)
    .toSorted()
    .flatMap((file) => {
      const facts = readSourceFacts(file, tree[file] ?? '');
      return [
        ...aboutImports(file, facts, rules),
        ...aboutDeeds(file, facts, rules),
        ...aboutLength(file, facts, rules),
      ];
    });
}

function aboutImports(file: string, { imports }: SourceFacts, rules: ArchitectureRules): string[] {
  const folder = topOf(file);
  return imports.flatMap(({ specifier, line }) => {
    const place = `${file}:${line}`;
    if (specifier.startsWith('.')) {
      const target = path.posix.join(path.posix.dirname(file), specifier);
      const allowed = rules.mayImport[folder]?.includes(topOf(target)) ?? false;
      return allowed ? [] : [`${place} imports ${target}: ${folder} may not`];
    }
    const used = packageOf(specifier);
    const allowed = [rules.mayUse[folder] ?? [used], rules.mayUse[file] ?? []]
      .flat()
      .includes(used);
    return allowed ? [] : [`${place} uses ${used}: ${folder} may not`];
  });
}

function aboutDeeds(file: string, { deeds }: SourceFacts, rules: ArchitectureRules): string[] {
  const breaks = (deed: Deed) =>
    rules.forbidden.some(
      (rule) =>
        rule.deed === deed && rule.folders.includes(topOf(file)) && !rule.but?.includes(file),
    );
  return deeds
    .filter(({ deed }) => breaks(deed))
    .map(({ deed, line }) => `${file}:${line} has ${deed}`);
}

function aboutLength(file: string, { lines }: SourceFacts, rules: ArchitectureRules): string[] {
  if (lines <= rules.maxLines || rules.generated.includes(file)) return [];
  return [`${file} has ${lines} lines, more than ${rules.maxLines}`];
}

function topOf(file: string): string {
  return file.split('/', 1)[0] ?? file;
}

/** `@scope/name/path` → `@scope/name`, `name/path` → `name`; a node: module stays whole but for its subpath. */
function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}
