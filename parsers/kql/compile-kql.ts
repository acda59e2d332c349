import { compileRelation } from './compile-relation.ts';
import { splitRender } from './compile-render.ts';
import { CompileScope } from './compile-scope.ts';
import { KqlError } from './kql-error.ts';
import type { Diagnostic, KustoCode, SyntaxNode } from './kusto-syntax.ts';
import type { Kusto } from './load-kusto.ts';
import { PLAN_VERSION, type Plan } from './plan.ts';
import { checkQueryLimits, MAX_TREE_DEPTH } from './query-limits.ts';
import { FILE_PROFILE_MESSAGE, foreignTableMessage, isForeignTable } from './refusals.ts';

/**
 * The plan of a query, or a KqlError with the place in the text: Microsoft's first diagnostic, or the first thing that we
 * do not support. Nothing is approximated, so a query that compiles means what it means in Kusto.
 */
export function compileKql(kusto: Kusto, query: string): Plan {
  checkQueryLimits(kusto, query);
  const code = analyse(kusto, query);
  const scope = new CompileScope(kusto, query);
  const { relation, render } = splitRender(readStatements(code, scope), scope);
  const root = compileRelation(relation, scope);
  return render ? { version: PLAN_VERSION, root, render } : { version: PLAN_VERSION, root };
}

function analyse(kusto: Kusto, query: string): KustoCode {
  // Before parsing: the grammar of `.show` and its like takes 2 s to build.
  if (kusto.lex(query)[0]?.Text === '.') {
    const message = 'this is a management command, not a query';
    throw new KqlError('unsupported-operator', query, 0, message);
  }
  const parsed = kusto.parse(query);
  if (parsed.MaxDepth > MAX_TREE_DEPTH) {
    const message = `the query nests ${parsed.MaxDepth} deep, the limit is ${MAX_TREE_DEPTH}`;
    throw new KqlError('too-deep', query, 0, message);
  }
  const code = kusto.analyze(parsed);
  const error = firstError(code);
  if (error) throw toKqlError(error, query);
  if (code.HasSemantics) return code;
  throw new KqlError('too-deep', query, 0, 'the query is too deep to analyse');
}

function firstError(code: KustoCode): Diagnostic | undefined {
  const diagnostics = code.GetDiagnostics();
  let first: Diagnostic | undefined;
  for (let index = 0; index < diagnostics.Count; index += 1) {
    const diagnostic = diagnostics.getItem(index);
    if (diagnostic.Severity !== 'Error') continue;
    if (!first || diagnostic.Start < first.Start) first = diagnostic;
  }
  return first;
}

function toKqlError({ Code, Message, Start, Length }: Diagnostic, query: string): KqlError {
  const name = query.slice(Start, Start + Length);
  if (isForeignTable(name))
    return new KqlError('foreign-table', query, Start, foreignTableMessage(name));
  if (name === 'FileProfile')
    return new KqlError('unsupported-function', query, Start, FILE_PROFILE_MESSAGE);
  return new KqlError(Code, query, Start, Message);
}

/** Puts the lets into `scope` and gives the one tabular expression that is the query. */
function readStatements(code: KustoCode, scope: CompileScope): SyntaxNode {
  const { kusto } = scope;
  const block = code.Syntax;
  if (!kusto.is(block, 'QueryBlock') || block.Directives.ChildCount > 0)
    throw scope.error('unsupported-operator', block, 'directives are not supported');

  let query: SyntaxNode | undefined;
  for (const statement of scope.elementsOf(block.Statements)) {
    if (query)
      throw scope.error('unsupported-expression', statement, 'one query at a time, please');
    if (kusto.is(statement, 'LetStatement')) {
      scope.lets.set(statement.Name.SimpleName, statement.Expression);
    } else if (kusto.is(statement, 'ExpressionStatement')) {
      query = statement.Expression;
    } else {
      const message = `${kusto.kind(statement)} is not supported: ${scope.textOf(statement)}`;
      throw scope.error('unsupported-operator', statement, message);
    }
  }
  if (query) return query;
  throw new KqlError('unsupported-expression', scope.query, 0, 'there is no query to run here');
}
