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
};

export function unsupportedOperator(node: SyntaxNode, name: string, scope: CompileScope): KqlError {
  const reason = REASONS[name] ?? `the operator ${name} is not supported`;
  const message = `${reason}: ${scope.textOf(node)}`;
  return scope.error('unsupported-operator', node, message);
}

export function unsupportedFunction(node: SyntaxNode, name: string, scope: CompileScope): KqlError {
  return scope.error('unsupported-function', node, `the function ${name}() is not supported`);
}
