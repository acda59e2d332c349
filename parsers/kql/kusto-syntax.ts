/**
 * What we use of Microsoft's syntax tree (`@kusto/language-service-next`), and no more. Names are theirs; they are the
 * property names of the package's Kusto.Language.Bridge.d.ts. Nodes of a tree without syntax errors have every property.
 */
export interface SyntaxNode {
  /** A number; `Kusto.kind()` gives its name. */
  readonly Kind: number;
  /** Characters from the start of the query to the first character that is not white space or a comment. */
  readonly TextStart: number;
  readonly Width: number;
  readonly ChildCount: number;
  GetChild(index: number): SyntaxNode | null;
  readonly ReferencedSymbol?: KustoSymbol | null;
  /** Of expressions: a scalar type or the schema of a tabular expression. */
  readonly ResultType?: KustoType | null;
}

export interface KustoSymbol {
  readonly Name: string;
}

export interface KustoType {
  readonly Name: string;
  /** Of tabular types only. */
  readonly Columns?: KustoList<{ readonly Name: string; readonly Type: KustoType }>;
}

export interface KustoList<Item> {
  readonly Count: number;
  getItem(index: number): Item;
}

export interface Token extends SyntaxNode {
  /** Without quotes, escapes and `type(...)` around it. */
  readonly ValueText: string;
}

interface Named extends SyntaxNode {
  readonly SimpleName: string;
}

interface WithParameters extends SyntaxNode {
  /** hint.strategy=..., kind=...: query operator parameters. */
  readonly Parameters: SyntaxNode;
}

/** The classes of nodes that the compiler knows, by Microsoft's name. Anything else is refused. */
export interface NodeClasses {
  QueryBlock: SyntaxNode & { readonly Directives: SyntaxNode; readonly Statements: SyntaxNode };
  LetStatement: SyntaxNode & { readonly Name: Named; readonly Expression: SyntaxNode };
  ExpressionStatement: SyntaxNode & { readonly Expression: SyntaxNode };

  PipeExpression: SyntaxNode & { readonly Expression: SyntaxNode; readonly Operator: SyntaxNode };
  FilterOperator: WithParameters & { readonly Condition: SyntaxNode };
  ExtendOperator: SyntaxNode & { readonly Expressions: SyntaxNode };
  ProjectOperator: SyntaxNode & { readonly Expressions: SyntaxNode };
  DistinctOperator: WithParameters & { readonly Expressions: SyntaxNode };
  SummarizeOperator: WithParameters & {
    readonly Aggregates: SyntaxNode;
    readonly ByClause: (SyntaxNode & { readonly Expressions: SyntaxNode }) | null;
  };
  SortOperator: WithParameters & { readonly Expressions: SyntaxNode };
  TopOperator: WithParameters & {
    readonly Expression: SyntaxNode;
    readonly ByExpression: SyntaxNode;
  };
  TakeOperator: WithParameters & { readonly Expression: SyntaxNode };
  CountOperator: SyntaxNode & { readonly AsIdentifier: SyntaxNode | null };

  UnionOperator: WithParameters & { readonly Expressions: SyntaxNode };
  JoinOperator: WithParameters & {
    readonly Expression: SyntaxNode;
    readonly ConditionClause: SyntaxNode | null;
  };
  LookupOperator: WithParameters & {
    readonly Expression: SyntaxNode;
    readonly LookupClause: SyntaxNode | null;
  };
  JoinOnClause: SyntaxNode & { readonly Expressions: SyntaxNode };
  MvExpandOperator: WithParameters & {
    readonly Expressions: SyntaxNode;
    readonly RowLimitClause: (SyntaxNode & { readonly RowLimit: SyntaxNode }) | null;
  };
  MvExpandExpression: SyntaxNode & { readonly Expression: SyntaxNode };
  DataTableExpression: WithParameters & { readonly Values: SyntaxNode };
  PrintOperator: SyntaxNode & { readonly Expressions: SyntaxNode };
  ProjectAwayOperator: SyntaxNode & { readonly Expressions: SyntaxNode };
  ProjectKeepOperator: SyntaxNode & { readonly Expressions: SyntaxNode };
  ProjectReorderOperator: SyntaxNode & { readonly Expressions: SyntaxNode };
  ProjectRenameOperator: SyntaxNode & { readonly Expressions: SyntaxNode };
  AsOperator: WithParameters;
  MaterializeExpression: SyntaxNode & { readonly Expression: SyntaxNode };
  RenderOperator: WithParameters & {
    readonly ChartType: Token;
    readonly WithClause: (SyntaxNode & { readonly Properties: SyntaxNode }) | null;
  };
  NamedParameter: SyntaxNode & { readonly Name: Named; readonly Expression: SyntaxNode };

  SimpleNamedExpression: SyntaxNode & { readonly Name: Named; readonly Expression: SyntaxNode };
  /** `(A, B) = arg_max(...)` */
  CompoundNamedExpression: SyntaxNode & { readonly Expression: SyntaxNode };
  OrderedExpression: SyntaxNode & {
    readonly Expression: SyntaxNode;
    readonly Ordering: SyntaxNode & {
      readonly AscOrDescKeyword: Token | null;
      readonly NullsClause: (SyntaxNode & { readonly FirstOrLastKeyword: Token }) | null;
    };
  };
  StarExpression: SyntaxNode;

  NameReference: Named;
  ParenthesizedExpression: SyntaxNode & { readonly Expression: SyntaxNode };
  LiteralExpression: SyntaxNode & { readonly Token: Token };
  CompoundStringLiteralExpression: SyntaxNode & { readonly Tokens: SyntaxNode };
  DynamicExpression: SyntaxNode & { readonly Expression: SyntaxNode };
  JsonArrayExpression: SyntaxNode & { readonly Values: SyntaxNode };
  JsonObjectExpression: SyntaxNode & { readonly Pairs: SyntaxNode };
  JsonPair: SyntaxNode & { readonly Name: Token; readonly Value: SyntaxNode };
  PathExpression: SyntaxNode & { readonly Expression: SyntaxNode; readonly Selector: SyntaxNode };
  ElementExpression: SyntaxNode & {
    readonly Expression: SyntaxNode;
    readonly Selector: SyntaxNode;
  };
  BracketedExpression: SyntaxNode & { readonly Expression: SyntaxNode };
  TypeOfLiteralExpression: SyntaxNode;
  BinaryExpression: SyntaxNode & { readonly Left: SyntaxNode; readonly Right: SyntaxNode };
  PrefixUnaryExpression: SyntaxNode & { readonly Expression: SyntaxNode };
  BetweenExpression: SyntaxNode & {
    readonly Left: SyntaxNode;
    readonly Right: SyntaxNode & { readonly First: SyntaxNode; readonly Second: SyntaxNode };
  };
  InExpression: SyntaxNode & { readonly Left: SyntaxNode; readonly Right: ExpressionList };
  HasAnyExpression: SyntaxNode & { readonly Left: SyntaxNode; readonly Right: ExpressionList };
  HasAllExpression: SyntaxNode & { readonly Left: SyntaxNode; readonly Right: ExpressionList };
  FunctionCallExpression: SyntaxNode & {
    readonly Name: Named;
    readonly ArgumentList: ExpressionList;
  };
}

type ExpressionList = SyntaxNode & { readonly Expressions: SyntaxNode };

export type NodeClass = keyof NodeClasses;

/** What a name can stand for, by Microsoft's name of the class of symbol. */
export type SymbolClass = 'TableSymbol' | 'VariableSymbol' | 'ColumnSymbol' | 'FunctionSymbol';

export interface Diagnostic {
  readonly Code: string;
  /** 'Error', or something milder that does not stop a query. */
  readonly Severity: string;
  readonly Start: number;
  readonly Length: number;
  readonly Message: string;
}

export interface KustoCode {
  readonly Syntax: SyntaxNode;
  readonly HasSemantics: boolean;
  /** Depth of the syntax tree. */
  readonly MaxDepth: number;
  Analyze(globals: unknown): KustoCode;
  GetDiagnostics(): KustoList<Diagnostic>;
}

/** A token of the lexer, which neither nests nor analyses. */
export interface LexicalToken {
  readonly Text: string;
  /** White space and comments before the token. */
  readonly Trivia: string;
}
