import { parseAst } from 'vitest/node';

/** A name of something that some folders may not do, as rules and complaints spell it. */
export type Deed =
  | 'import.meta'
  | 'top-level await'
  | 'new Worker'
  | 'computed import'
  | 'process'
  | 'fetch'
  | 'timers'
  | 'Date.now'
  | 'new Date()'
  | 'Math.random'
  | 'performance'
  | 'globalThis'
  | 'require';

/** What the architecture rules need to know of one source file. */
export interface SourceFacts {
  /** Static, dynamic, re-exporting and type-only imports, as written. */
  readonly imports: readonly { readonly specifier: string; readonly line: number }[];
  readonly deeds: readonly { readonly deed: Deed; readonly line: number }[];
  readonly lines: number;
}

/**
 * Reads a file's syntax tree, so that neither a comment nor a string can pass for code. The parser is the one that vitest
 * itself brings (Oxc, by way of Vite): TypeScript 7 has no stable one.
 */
export function readSourceFacts(file: string, text: string): SourceFacts {
  const lang = file.endsWith('.ts') ? 'ts' : 'js';
  const imports: SourceFacts['imports'][number][] = [];
  const deeds: SourceFacts['deeds'][number][] = [];
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;

  const visit = (node: SyntaxNode, depth: number): void => {
    const specifier = importedBy(node);
    if (specifier !== undefined) imports.push({ specifier, line: lineAt(node.start) });
    const deed = deedOf(node, depth);
    if (deed !== undefined) deeds.push({ deed, line: lineAt(node.start) });
    const inner = FUNCTIONS.has(node.type) ? depth + 1 : depth;
    for (const child of children(node)) visit(child, inner);
  };
  visit(parseAst(text, { lang, sourceType: 'module' }, file) as unknown as SyntaxNode, 0);
  return { imports, deeds, lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) };
}

/** ESTree with TypeScript's nodes, as loosely as the rules need it. */
interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

/** Fields that hold a name and no reference, unless the node is `computed`. */
const NAME_FIELDS: Readonly<Record<string, string>> = {
  MemberExpression: 'property',
  Property: 'key',
  PropertyDefinition: 'key',
  MethodDefinition: 'key',
  TSPropertySignature: 'key',
  TSMethodSignature: 'key',
};

function children(node: SyntaxNode): SyntaxNode[] {
  const names = node.computed === true ? undefined : NAME_FIELDS[node.type];
  return Object.entries(node)
    .filter(([field]) => field !== names)
    .flatMap(([, value]) => value)
    .filter(isSyntaxNode);
}

function isSyntaxNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value;
}

const IMPORTING = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
]);

function importedBy(node: SyntaxNode): string | undefined {
  if (!IMPORTING.has(node.type) || !isSyntaxNode(node.source)) return undefined;
  return typeof node.source.value === 'string' ? node.source.value : undefined;
}

const GLOBALS: Readonly<Record<string, Deed>> = {
  process: 'process',
  fetch: 'fetch',
  setTimeout: 'timers',
  setInterval: 'timers',
  setImmediate: 'timers',
  performance: 'performance',
  globalThis: 'globalThis',
  require: 'require',
};

function deedOf(node: SyntaxNode, depth: number): Deed | undefined {
  switch (node.type) {
    case 'MetaProperty':
      return isNamed(node.meta, 'import') ? 'import.meta' : undefined;
    case 'AwaitExpression':
      return depth === 0 ? 'top-level await' : undefined;
    case 'ForOfStatement':
      return depth === 0 && node.await === true ? 'top-level await' : undefined;
    case 'VariableDeclaration':
      return depth === 0 && node.kind === 'await using' ? 'top-level await' : undefined;
    case 'ImportExpression':
      return importedBy(node) === undefined ? 'computed import' : undefined;
    case 'NewExpression':
      if (isNamed(node.callee, 'Worker') || hasProperty(node.callee, 'Worker')) return 'new Worker';
      return isNamed(node.callee, 'Date') && isEmpty(node.arguments) ? 'new Date()' : undefined;
    case 'CallExpression': // Date() without new is the present, whatever its arguments
      return isNamed(node.callee, 'Date') ? 'new Date()' : undefined;
    case 'MemberExpression':
      if (isNamed(node.object, 'Date') && hasProperty(node, 'now')) return 'Date.now';
      return isNamed(node.object, 'Math') && hasProperty(node, 'random')
        ? 'Math.random'
        : undefined;
    case 'Identifier':
      return Object.hasOwn(GLOBALS, String(node.name)) ? GLOBALS[String(node.name)] : undefined;
    default:
      return undefined;
  }
}

function isNamed(node: unknown, name: string): boolean {
  return isSyntaxNode(node) && node.type === 'Identifier' && node.name === name;
}

function hasProperty(node: unknown, name: string): boolean {
  return isSyntaxNode(node) && node.type === 'MemberExpression' && isNamed(node.property, name);
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}
