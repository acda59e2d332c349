import type { Kusto } from '../../kql/load-kusto.ts';
import type { Scalar } from '../../kql/plan.ts';
import { constantConditions } from '../lint/constant-condition.ts';
import { type Equality, operandsOf, readEquality, valueName } from '../lint/equality.ts';
import { constantFinding, type QueryFinding } from '../lint/finding.ts';
import type { ToolFacts } from '../tool-facts.ts';
import { approvalText } from './filter-approval.ts';
import { programName, toolOf } from './program-names.ts';
import { readFilter } from './read-filter.ts';

export interface FilterCheck {
  readonly findings: readonly QueryFinding[];
  /** YAML. */
  readonly approval: string;
}

/** The tool of the first rule, which a filter that names none is taken to be about. */
const DEFAULT_TOOL = 'TightVNC';

/**
 * What a filter on false positives really does, and the approval that says what it meant; undefined for a whole query. `name` is
 * what the filter is called, `known` the tools, `now` ticks. Throws KqlError.
 */
export function checkFilter(
  kusto: Kusto,
  text: string,
  {
    name,
    known,
    now,
  }: { readonly name: string; readonly known: readonly ToolFacts[]; readonly now: bigint },
): FilterCheck | undefined {
  const filter = readFilter(kusto, text);
  if (!filter) return undefined;
  const { predicate, offset } = filter;
  const tests = equalitiesIn(predicate);
  const isParent = ({ value }: Equality): boolean => /\bparent\b/.test(valueName(value) ?? '');
  const literals = (ofParents: boolean) =>
    unique(tests.filter((test) => isParent(test) === ofParents && isName(test)).flatMap(textsOf));
  const [names, parents] = [literals(false), literals(true)];
  const named = toolOf([...names, ...parents], known);
  const tool = named ?? known.find((each) => each.tool === DEFAULT_TOOL);
  if (!tool) throw new TypeError(`no facts of ${DEFAULT_TOOL}`);

  const at = (finding: Omit<QueryFinding, 'start'>, scalar: Scalar = predicate): QueryFinding => ({
    ...finding,
    start: Math.max(0, scalar.span.start - offset),
  });
  const warning = (code: string, message: string) => at({ level: 'warning', code, message });
  const programs = new Map(
    [...names, ...parents].map((each) => [each, programName(each, tool)] as const),
  );
  const constants = constantConditions(predicate).found;
  const meaning = constants.length > 0 ? undefined : meaningOf(predicate);
  const [field, ...fields] = foreignFields(tests);
  const foreign = field
    ? [
        at(
          { level: 'error', code: 'no-such-column', message: foreignMessage([field, ...fields]) },
          field,
        ),
      ]
    : [];
  const findings = [
    ...constants.map((each) => at(constantFinding(each), each.scalar)),
    ...(meaning === undefined ? [] : [warning('filter-meaning', meaning)]),
    ...foreign,
    ...[...programs.values()].flatMap(({ remark }) =>
      remark === undefined ? [] : [warning('program-name', remark)],
    ),
    ...(named ? [] : [warning('no-tool', `the filter names no tool: ${tool.tool} is assumed`)]),
  ];
  const meant = (each: readonly string[]) =>
    unique(each.flatMap((one) => programs.get(one)?.programs ?? []));
  // A program that is its own parent was meant as "this program, however it started".
  const others = parents.filter((parent) => !names.includes(parent));
  const intent = { name, tool, names: meant(names), parents: meant(others) };
  return { findings, approval: approvalText(intent, now) };
}

function foreignMessage(fields: readonly Scalar[]): string {
  const names = fields.map(valueName).join(', ');
  return `${names}: the table has no process columns, nor any of such events: approve the files instead`;
}

/** In a sentence, for the forms that people write. */
function meaningOf(predicate: Scalar): string {
  for (const kind of ['or', 'and'] as const) {
    const tests = operandsOf(predicate, kind).map(readEquality);
    if (tests.length < 2 || !tests.every((test) => test?.negated)) continue;
    const words = tests.map((test) => (test ? testWords(test) : ''));
    const how = tests.length === 2 ? 'both hold' : 'all of these hold';
    return kind === 'or'
      ? `excludes only when ${how}: ${words.join(' and ')}; "and" would exclude either`
      : `excludes when one of these holds, wherever the file is and whoever signed it: ${words.join(' or ')}`;
  }
  const test = readEquality(predicate);
  if (test?.negated)
    return `excludes ${testWords(test)}, wherever the file is and whoever signed it`;
  return 'keeps what meets it and excludes all else';
}

function testWords(test: Equality): string {
  return `${valueName(test.value) ?? 'the value'} is ${textsOf(test)
    .map((text) => `"${text}"`)
    .join(' or ')}`;
}

function equalitiesIn(scalar: Scalar): Equality[] {
  if (scalar.kind === 'and' || scalar.kind === 'or')
    return [...equalitiesIn(scalar.left), ...equalitiesIn(scalar.right)];
  if (scalar.kind === 'not') return equalitiesIn(scalar.operand);
  const test = readEquality(scalar);
  return test ? [test] : [];
}

/** process.name and process.parent.name, not process.pid. */
function isName({ value }: Equality): boolean {
  return /\.(name|executable)$/.test(valueName(value) ?? '');
}

function textsOf({ literals }: Equality): string[] {
  return literals.map(({ value }) => `${value}`);
}

/** The fields of other products' events that the filter reads, each where it first stands. */
function foreignFields(tests: readonly Equality[]): Scalar[] {
  const foreign = tests.filter(({ value }) => valueName(value)?.includes('.'));
  return [...Map.groupBy(foreign, ({ key }) => key).values()].flatMap(
    ([first]) => first?.value ?? [],
  );
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
