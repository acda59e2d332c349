import { KqlError } from './kql-error.ts';
import type { KustoType, NodeClasses, SyntaxNode } from './kusto-syntax.ts';
import type { Kusto } from './load-kusto.ts';
import type { ResultColumn, Scalar, ScalarType, Span } from './plan.ts';
import { MAX_PLAN_NODES, MAX_TREE_DEPTH } from './query-limits.ts';

/** What all parts of the compiler share while they compile one query. */
export class CompileScope {
  readonly kusto: Kusto;
  readonly query: string;
  /** The right side of each let by name. Microsoft's analysis refuses a name that is declared twice. */
  readonly lets = new Map<string, SyntaxNode>();
  /** Set while an expression over aggregates is compiled: gives the column in which a call of an aggregate ends up. */
  aggregateCall: ((call: NodeClasses['FunctionCallExpression']) => Scalar | undefined) | undefined;
  #nodes = 0;
  #depth = 0;

  constructor(kusto: Kusto, query: string) {
    this.kusto = kusto;
    this.query = query;
  }

  /** Runs `compile` for one node of the plan, and bounds how many there are and how deep they nest. */
  within<Result>(node: SyntaxNode, compile: () => Result): Result {
    this.#nodes += 1;
    if (this.#nodes > MAX_PLAN_NODES) {
      const message = `with its lets written out the query has more than ${MAX_PLAN_NODES} parts`;
      throw this.error('too-large', node, message);
    }
    if (this.#depth >= MAX_TREE_DEPTH) {
      const message = `with its lets written out the query nests more than ${MAX_TREE_DEPTH} deep`;
      throw this.error('too-deep', node, message);
    }
    this.#depth += 1;
    const result = compile();
    this.#depth -= 1; // not in a finally: an error ends the whole compilation
    return result;
  }

  error(code: string, node: SyntaxNode, message: string): KqlError {
    return new KqlError(code, this.query, node.TextStart, message);
  }

  /** What a node is called in a message: its own text, cut short. */
  textOf(node: SyntaxNode): string {
    const text = this.query.slice(node.TextStart, node.TextStart + node.Width);
    return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
  }

  spanOf(node: SyntaxNode): Span {
    return { start: node.TextStart, length: node.Width };
  }

  /** Elements of a comma-separated list, without the commas. */
  elementsOf(list: SyntaxNode): SyntaxNode[] {
    const elements: SyntaxNode[] = [];
    for (let index = 0; index < list.ChildCount; index += 1) {
      const element = list.GetChild(index)?.GetChild(0);
      if (element) elements.push(element);
    }
    return elements;
  }

  /** Elements of a list that has no commas: parameters of an operator. */
  childrenOf(list: SyntaxNode | null): SyntaxNode[] {
    return Array.from({ length: list?.ChildCount ?? 0 }, (_, index) =>
      list?.GetChild(index),
    ).filter((child) => child !== null && child !== undefined);
  }

  typeOf(node: SyntaxNode): ScalarType {
    return this.scalarType(node, node.ResultType);
  }

  /** The columns that Microsoft's analysis gives a tabular node: their names are Kusto's own. */
  columnsOf(node: SyntaxNode): ResultColumn[] {
    const list = node.ResultType?.Columns;
    if (!list) throw this.error('unsupported-expression', node, 'a table is expected here');
    const columns: ResultColumn[] = [];
    for (let index = 0; index < list.Count; index += 1) {
      const { Name, Type } = list.getItem(index);
      columns.push({ name: Name, type: this.scalarType(node, Type) });
    }
    return columns;
  }

  private scalarType(node: SyntaxNode, type: KustoType | null | undefined): ScalarType {
    switch (type?.Name) {
      case 'string':
      case 'bool':
      case 'datetime':
      case 'timespan':
      case 'long':
      case 'real':
      case 'dynamic':
        return type.Name;
      case 'int': // a long everywhere: toint() and int literals keep the range
        return 'long';
      default: {
        const message = `values of type ${type?.Name ?? 'unknown'} are not supported: ${this.textOf(node)}`;
        throw this.error('unsupported-expression', node, message);
      }
    }
  }
}
