import { tables } from '../record/columns.ts';
import type { CompileScope } from './compile-scope.ts';
import type { KqlError } from './kql-error.ts';
import type { SyntaxNode } from './kusto-syntax.ts';

/**
 * Tables of Defender XDR's advanced hunting that we do not have, by the beginning of their names.
 * Source: Microsoft Defender XDR, "Understand the advanced hunting schema".
 */
const FOREIGN_TABLE =
  /^(AAD|Alert|Behavior|Campaign|Cloud|Device|Email|EntraId|Exposure|Graph|Identity|OAuth|Url)[A-Z]/;

/** True for a table that exists in Defender XDR and not here. */
export function isForeignTable(name: string): boolean {
  return FOREIGN_TABLE.test(name) && !Object.hasOwn(tables, name);
}

/** An empty answer would read as "it never happened", so a table that we do not have is an error. */
export function foreignTableMessage(name: string): string {
  const ours = Object.keys(tables).join(', ');
  return `${name} is a table of Microsoft Defender that certsweep does not have. It has ${ours}.`;
}

/** FileProfile() reads Microsoft's knowledge of a file: its prevalence and reputation. */
export const FILE_PROFILE_MESSAGE =
  'FileProfile() asks Microsoft about a file, which certsweep cannot: it is not supported';

/** What to say of operators that hunting queries often use and that will not work here. */
const REASONS: Readonly<Record<string, string>> = {
  externaldata: 'externaldata fetches from the internet, which certsweep does not',
  search: 'search is not supported: name the columns, as in "where Signer has ..."',
  find: 'find is not supported: use union, and where with the columns by name',
  sample: 'sample takes rows by chance: use take, or top with an order',
  'sample-distinct': 'sample-distinct takes values by chance: use distinct and take',
  'mv-apply': 'mv-apply is not supported: use mv-expand and summarize',
  mvexpand: 'mvexpand is the old form with a limit of 128 rows: use mv-expand',
  'top-nested': 'top-nested is not supported: use summarize and top',
};

export function unsupportedOperator(node: SyntaxNode, name: string, scope: CompileScope): KqlError {
  const reason = REASONS[name] ?? `the operator ${name} is not supported`;
  const message = `${reason}: ${scope.textOf(node)}`;
  return scope.error('unsupported-operator', node, message);
}

export function unsupportedFunction(node: SyntaxNode, name: string, scope: CompileScope): KqlError {
  return scope.error('unsupported-function', node, `the function ${name}() is not supported`);
}
