import { agentPredicate } from '../../kql/agent-predicate.ts';
import { compileKql } from '../../kql/compile-kql.ts';
import { KqlError } from '../../kql/kql-error.ts';
import type { Kusto } from '../../kql/load-kusto.ts';
import type { Plan, Scalar } from '../../kql/plan.ts';
import { inputsOf, type Relation } from '../../kql/relation.ts';
import { FILE_START, type HuntingRule } from '../hunting-rule.ts';
import type { ParsedRule } from '../parse-rule.ts';
import { placeInFile } from '../query-place.ts';
import type { ToolFacts } from '../tool-facts.ts';
import { constantConditions } from './constant-condition.ts';
import { constantFinding, type LintFinding, type QueryFinding } from './finding.ts';
import { fixedValueFinding } from './fixed-values.ts';
import { signerFindings } from './signer-terms.ts';
import { predicatesOf, textTests } from './text-test.ts';

/** Findings of one kind are cut off after so many, and that is said. */
const MAX_FINDINGS = 50;

/** All that can be said of a rule by itself. `known` are the tools whose signers' names are known. */
export function lintRule(
  kusto: Kusto,
  { rule, queryPlace }: ParsedRule,
  known: readonly ToolFacts[],
): LintFinding[] {
  const all = rule.facts ? [...known, rule.facts] : known;
  const inQuery = lintQuery(kusto, rule.query, all).map(({ place, ...finding }) => ({
    ...finding,
    place: placeInFile(queryPlace, place),
  }));
  return [...metadataFindings(rule), ...inQuery];
}

/** All that can be said of a query; places are those in its text. */
export function lintQuery(kusto: Kusto, query: string, known: readonly ToolFacts[]): LintFinding[] {
  return placed(query, queryFindings(kusto, query, known));
}

/** Findings with line and column for characters from the start of `text`. */
export function placed(text: string, findings: readonly QueryFinding[]): LintFinding[] {
  return findings.map(({ start, ...finding }) => {
    const { line, column } = new KqlError('', text, start, '');
    return { ...finding, place: { line, column } };
  });
}

function queryFindings(kusto: Kusto, query: string, known: readonly ToolFacts[]): QueryFinding[] {
  let plan: Plan;
  try {
    plan = compileKql(kusto, query);
  } catch (error) {
    if (!(error instanceof KqlError)) throw error;
    return [compileFinding(error)];
  }
  const findings = [
    ...conditionFindings(plan),
    ...contradictions(plan.root),
    ...textTests(plan.root).flatMap((test) => {
      const fixed = fixedValueFinding(test);
      return fixed ? [fixed] : signerFindings(test, known);
    }),
    ...agentFindings(plan),
  ];
  if (findings.length <= MAX_FINDINGS) return findings;
  const message = `and ${findings.length - MAX_FINDINGS} more findings, which are not listed`;
  const level = findings.some((each) => each.level === 'error') ? 'error' : 'warning';
  return [...findings.slice(0, MAX_FINDINGS), { level, code: 'more-findings', start: 0, message }];
}

/** Of a query that does not compile. */
export function compileFinding({ code, start, reason }: KqlError): QueryFinding {
  return { level: 'error', code, start, message: reason };
}

function conditionFindings(plan: Plan): QueryFinding[] {
  return predicatesOf(plan.root).flatMap((predicate) => {
    const { found, complete } = constantConditions(predicate);
    const findings = found.map(
      (each): QueryFinding => ({
        ...constantFinding(each),
        start: each.scalar.span.start,
      }),
    );
    if (complete) return findings;
    const message = 'the condition has too many tests to try whether it is always or never true';
    const start = predicate.span.start;
    return [...findings, { level: 'warning', code: 'condition-too-large', start, message }];
  });
}

/** `where` steps one after the other that no row can meet together, though it can meet each. */
function contradictions(root: Relation, isInChain = false): QueryFinding[] {
  const inner = inputsOf(root).flatMap((input) => contradictions(input, root.kind === 'where'));
  const steps = isInChain ? [] : chainOf(root);
  const last = steps.at(-1);
  if (!last || steps.some((each) => constantConditions(each).found.length > 0)) return inner;
  const all = steps.reduce((left, right) => {
    return { kind: 'and', left, right, type: 'bool', span: right.span };
  });
  const found = constantConditions(all).found.find(({ scalar }) => scalar === all);
  if (!found) return inner;
  const message = `no row can meet this condition and those before it: ${found.reason}`;
  const start = last.span.start;
  return [...inner, { level: 'error', code: 'never-true', start, message }];
}

/** The conditions of `where` steps that directly follow each other, the first one first. */
function chainOf(root: Relation): Scalar[] {
  const steps: Scalar[] = [];
  for (let step = root; step.kind === 'where'; step = step.input) steps.unshift(step.predicate);
  return steps;
}

function agentFindings(plan: Plan): QueryFinding[] {
  const predicate: Scalar | undefined = agentPredicate(plan);
  if (predicate) return [];
  const message = `agents cannot flag by this rule: ${whyNot(plan.root)}`;
  return [{ level: 'warning', code: 'not-at-agent', start: 0, message }];
}

function whyNot(root: Relation): string {
  for (let step: Relation | undefined = root; step; [step] = inputsOf(step)) {
    if (step.kind === 'join' || step.kind === 'union')
      return `it needs more than one record (${step.kind})`;
    if (step.kind === 'table' && step.table !== 'DeviceFileCertificateInfo')
      return `it reads ${step.table}, and agents judge DeviceFileCertificateInfo`;
  }
  return 'no condition but time stands directly after DeviceFileCertificateInfo';
}

const REQUIRED = ['description', 'tactics', 'techniques'] as const;
const KEY = { description: 'description', tactics: 'tactics', techniques: 'relevantTechniques' };

/** Source: Azure-Sentinel repository, the checks of its pull requests on id, description, tactics, relevantTechniques. */
function metadataFindings(rule: HuntingRule): LintFinding[] {
  const place = FILE_START;
  const missing = REQUIRED.filter((field) => rule[field].length === 0).map(
    (field): LintFinding => ({
      level: 'error',
      code: 'missing-metadata',
      place,
      message: `${KEY[field]} is missing or empty`,
    }),
  );
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(rule.id);
  const techniques = rule.techniques.filter((each) => !/^T\d{4}(\.\d{3})?$/.test(each));
  const odd = [
    ...(isUuid ? [] : [`id ${rule.id} is no UUID`]),
    ...techniques.map((each) => `${each} is no technique of ATT&CK, as T1219 is`),
  ];
  return [
    ...missing,
    ...odd.map(
      (message): LintFinding => ({ level: 'warning', code: 'odd-metadata', place, message }),
    ),
  ];
}
