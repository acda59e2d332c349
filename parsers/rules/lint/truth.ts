import { foldCase } from '../../kql/fold-case.ts';
import { compare } from '../../kql/null-semantics.ts';
import type { LiteralValue, Scalar, ScalarType } from '../../kql/plan.ts';
import { readEquality, scalarKey } from './equality.ts';

/** What a condition says of a row; `where` drops a row for false and for null. */
type Truth = boolean | null;

/** One of the values that can make a difference to the tests of a variable. */
interface State {
  /** The literal that it equals, as text; undefined: none of those compared with. */
  readonly exact?: string;
  /** The same with its case folded. */
  readonly folded?: string;
  /** Of a test that is not looked into: what it says. */
  readonly truth?: Truth;
}

/** What a value is compared with anywhere in the condition. */
interface Compared {
  readonly type: ScalarType;
  readonly texts: Set<string>;
}

/** A condition as a function of one state for each variable. */
export interface TruthFunction {
  readonly variables: readonly string[];
  /** How many tests it makes. */
  readonly size: number;
  readonly of: (states: ReadonlyMap<string, State>) => Truth;
}

const NULL: State = { truth: null };

/**
 * Takes a condition apart into tests of values. Tests of one value against literals are understood; any other, such as
 * `has`, is a variable of its own that can be true or false whatever the rest is. So what is true here in every case is
 * true for every row; what is true for every row for a deeper reason is not noticed.
 */
export class TruthTable {
  readonly #functions = new Map<Scalar, TruthFunction>();
  readonly #compared = new Map<string, Compared>();
  readonly #states = new Map<string, readonly State[]>();

  constructor(condition: Scalar) {
    this.functionOf(condition); // so that every variable knows all that it is compared with
  }

  /** Of the condition, or of a part of it. */
  functionOf(scalar: Scalar): TruthFunction {
    const known = this.#functions.get(scalar);
    if (known) return known;
    const made = this.#makeFunction(scalar);
    this.#functions.set(scalar, made);
    return made;
  }

  /** The cases of one variable that can differ. */
  statesOf(key: string): readonly State[] {
    const known = this.#states.get(key);
    if (known) return known;
    const compared = this.#compared.get(key);
    const states = compared ? statesOf(compared) : [];
    this.#states.set(key, states);
    return states;
  }

  #makeFunction(scalar: Scalar): TruthFunction {
    switch (scalar.kind) {
      case 'and':
      case 'or': {
        const [left, right] = [this.functionOf(scalar.left), this.functionOf(scalar.right)];
        const variables = [...new Set([...left.variables, ...right.variables])];
        const size = left.size + right.size;
        return scalar.kind === 'and'
          ? { variables, size, of: (row) => left.of(row) === true && right.of(row) === true }
          : { variables, size, of: (row) => left.of(row) === true || right.of(row) === true };
      }
      case 'not': {
        const operand = this.functionOf(scalar.operand);
        return { ...operand, of: (row) => negated(operand.of(row), true) };
      }
      default:
        return constantTest(scalar) ?? this.#equalityTest(scalar) ?? this.#opaqueTest(scalar);
    }
  }

  #equalityTest(scalar: Scalar): TruthFunction | undefined {
    const test = readEquality(scalar);
    if (!test) return undefined;
    const { key, value, literals, caseSensitive } = test;
    const texts = literals.map((literal) => `${literal.value}`);
    const compared = this.#compared.get(key) ?? { type: value.type, texts: new Set() };
    this.#compared.set(key, compared);
    for (const text of texts) compared.texts.add(text);
    const wanted = new Set(caseSensitive ? texts : texts.map(foldCase));
    return {
      variables: [key],
      size: 1,
      of: (row) => {
        const state = row.get(key);
        const text = caseSensitive ? state?.exact : state?.folded;
        return negated(text !== undefined && wanted.has(text), test.negated); // null equals no literal
      },
    };
  }

  #opaqueTest(scalar: Scalar): TruthFunction {
    const isNegated = 'negated' in scalar && scalar.negated;
    const key = scalarKey(isNegated ? { ...scalar, negated: false } : scalar);
    const isOfStrings = scalar.kind === 'string-match'; // strings are never null
    const states: State[] = [{ truth: true }, { truth: false }, ...(isOfStrings ? [] : [NULL])];
    this.#states.set(key, states);
    return {
      variables: [key],
      size: 1,
      of: (row) => negated(row.get(key)?.truth ?? null, isNegated),
    };
  }
}

function negated(truth: Truth, isNegated: boolean): Truth {
  return truth === null ? null : truth !== isNegated;
}

/** `true`, `1 == 1`, `Signer has ''`: what needs no row. */
function constantTest(scalar: Scalar): TruthFunction | undefined {
  const truth = constantTruth(scalar);
  return truth === undefined ? undefined : { variables: [], size: 1, of: () => truth };
}

function constantTruth(scalar: Scalar): Truth | undefined {
  if (scalar.kind === 'literal' && scalar.literal.type === 'bool') return scalar.literal.value;
  if (scalar.kind === 'string-match' && scalar.operator !== 'equals') {
    const isEmpty = scalar.needles.map(
      (each) => each.kind === 'literal' && each.literal.value === '',
    );
    const isMet = scalar.all ? isEmpty.every(Boolean) : isEmpty.some(Boolean);
    return isMet ? !scalar.negated : undefined;
  }
  if (scalar.kind !== 'compare') return undefined;
  const { left, right } = scalar;
  if (left.kind !== 'literal' || right.kind !== 'literal') return undefined;
  if (left.literal.type !== right.literal.type || left.literal.type === 'dynamic') return undefined;
  return compare(scalar.operator, cellOf(left.literal), cellOf(right.literal));
}

/** longs and times are decimal text in a plan. */
function cellOf({ type, value }: LiteralValue) {
  const isInteger = type === 'long' || type === 'datetime' || type === 'timespan';
  return isInteger && typeof value === 'string' ? BigInt(value) : value;
}

function statesOf({ type, texts }: Compared): State[] {
  const all = type === 'bool' ? ['true', 'false'] : [...texts];
  const exact = all.map((text): State => ({ exact: text, folded: foldCase(text) }));
  if (type === 'bool') return [...exact, NULL];
  if (type !== 'string') return [...exact, {}, NULL];
  const otherCase = [...new Set(all.map(foldCase))];
  return [...exact, ...otherCase.map((folded): State => ({ folded })), {}];
}
