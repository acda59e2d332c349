import vm from 'node:vm';
import { type TableColumns, tables } from '../record/columns.ts';
import type {
  KustoCode,
  KustoSymbol,
  LexicalToken,
  NodeClass,
  NodeClasses,
  SymbolClass,
  SyntaxNode,
} from './kusto-syntax.ts';

/** The texts of bridge.min.js and Kusto.Language.Bridge.min.js of `@kusto/language-service-next`. */
export interface KustoSources {
  readonly bridge: string;
  readonly kusto: string;
}

/** Microsoft's KQL parser, with our tables declared to it. */
export interface Kusto {
  readonly lex: (query: string) => readonly LexicalToken[];
  /** Syntax only: cheap, and says how deep the tree is. */
  readonly parse: (query: string) => KustoCode;
  /** Adds names, types and semantic diagnostics. */
  readonly analyze: (code: KustoCode) => KustoCode;
  readonly is: <Class extends NodeClass>(
    node: SyntaxNode,
    nodeClass: Class,
  ) => node is NodeClasses[Class];
  readonly isSymbol: (symbol: KustoSymbol | null | undefined, symbolClass: SymbolClass) => boolean;
  /** Microsoft's name of a node's SyntaxKind: HasCsExpression, AscKeyword, ... */
  readonly kind: (node: SyntaxNode) => string;
}

/** The globals that the two scripts define, as far as we use them. `$ctor` numbers are Bridge.NET's overloads. */
interface KustoRealm {
  readonly Bridge: { is(value: unknown, type: unknown): boolean };
  readonly System: { readonly Enum: { toString(type: unknown, value: number): string } };
  readonly Kusto: {
    readonly Language: {
      readonly KustoCode: { Parse(query: string, globals: unknown): KustoCode };
      readonly GlobalState: {
        readonly Default: { WithDatabase(database: unknown): unknown };
      };
      readonly Parsing: {
        readonly TokenParser: { ParseTokens(query: string): readonly LexicalToken[] };
      };
      readonly Symbols: Readonly<Record<SymbolClass, unknown>> & {
        readonly TableSymbol: {
          $ctor7: new (name: string, schema: string, description: null) => unknown;
        };
        readonly DatabaseSymbol: {
          $ctor1: new (name: string, members: readonly unknown[], isOpen: boolean) => unknown;
        };
      };
      readonly Syntax: Readonly<Record<NodeClass, unknown>> & { readonly SyntaxKind: unknown };
    };
  };
}

/**
 * Runs Microsoft's parser and gives what the compiler needs of it. `declared` are the tables it knows.
 *
 * The scripts extend Array, String, Date and other built-ins: they run in a realm (vm context) of their own, so that
 * ours stay as they are. Its global object is an ordinary one: where a vm context stands for an object of ours, each use of
 * a global name is a call out of V8, and an analysis takes 3.3 times as long. Source: Node.js, "vm.constants.DONT_CONTEXTIFY".
 * It costs about 0.6 s and 110 MB, and the first analysis 1 s more: load it once a thread.
 */
export function loadKusto(
  sources: KustoSources,
  declared: Readonly<Record<string, TableColumns>> = tables,
): Kusto {
  const realm = vm.createContext(vm.constants.DONT_CONTEXTIFY);
  new vm.Script(sources.bridge, { filename: 'bridge.min.js' }).runInContext(realm);
  new vm.Script(sources.kusto, { filename: 'Kusto.Language.Bridge.min.js' }).runInContext(realm);
  const { Bridge, System, Kusto } = realm as unknown as KustoRealm;
  const { KustoCode, Parsing, Symbols, Syntax } = Kusto.Language;
  const globals = globalsOf(Kusto.Language, declared);

  return {
    lex: (query) => Parsing.TokenParser.ParseTokens(query),
    parse: (query) => KustoCode.Parse(query, globals),
    analyze: (code) => code.Analyze(globals),
    is: <Class extends NodeClass>(node: SyntaxNode, nodeClass: Class) =>
      Bridge.is(node, Syntax[nodeClass]) as boolean,
    isSymbol: (symbol, symbolClass) =>
      symbol !== null && symbol !== undefined && Bridge.is(symbol, Symbols[symbolClass]),
    kind: (node) => System.Enum.toString(Syntax.SyntaxKind, node.Kind),
  } as Kusto;
}

function globalsOf(
  language: KustoRealm['Kusto']['Language'],
  declared: Readonly<Record<string, TableColumns>>,
): unknown {
  const { TableSymbol, DatabaseSymbol } = language.Symbols;
  const symbols = Object.entries(declared).map(
    ([name, columns]) => new TableSymbol.$ctor7(name, schemaOf(columns), null),
  );
  const database = new DatabaseSymbol.$ctor1('certsweep', symbols, false);
  return language.GlobalState.Default.WithDatabase(database);
}

/** `(Timestamp: datetime, DeviceId: string, ...)` */
function schemaOf(columns: TableColumns): string {
  return `(${Object.entries(columns)
    .map(([name, { type }]) => `${name}: ${type}`)
    .join(', ')})`;
}
