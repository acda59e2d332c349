import { foldCase } from '../../kql/fold-case.ts';
import type { ToolFacts } from '../tool-facts.ts';
import type { QueryFinding } from './finding.ts';
import { matcherOf, operatorName, type TextTest } from './text-test.ts';

/** A part of a word as short as this may well be a word in another name: AG, Net, Team. */
const MIN_PART_LENGTH = 4;

/**
 * What a test of Signer does to the names that are known: a text that misses one by an accent, by case, by a space or by
 * the rest of its word, and one that finds all that a shared signer has signed. Names that nobody knows are not judged.
 */
export function signerFindings(test: TextTest, known: readonly ToolFacts[]): QueryFinding[] {
  if (test.column !== 'Signer' || test.text === '') return [];
  const matches = matcherOf(test);
  const found = known.filter(({ signers }) => signers.some(matches));
  const { start } = test;
  if (found.length === 0) {
    const miss = missOf(test, [...new Set(known.flatMap(({ signers }) => signers))]);
    return miss ? [{ level: 'error', start, ...miss }] : [];
  }
  const shared = found.filter(({ sharedSigner }) => sharedSigner).map(({ tool }) => tool);
  if (shared.length === 0) return [];
  const message = `${operatorName(test)} "${test.text}" also finds other products: the signer of ${shared.join(', ')} signs more than that`;
  return [{ level: 'warning', code: 'shared-signer', start, message }];
}

function missOf(
  test: TextTest,
  signers: readonly string[],
): Pick<QueryFinding, 'code' | 'message'> | undefined {
  const { text } = test;
  const said = `${operatorName(test)} "${text}"`;
  const whole = { ...test, caseSensitive: false };
  if (/^[*%]|[*%]$/.test(text))
    return {
      code: 'never-matches',
      message: `${said} looks for the character ${text.endsWith('*') || text.startsWith('*') ? '*' : '%'} itself: KQL has no such wildcard`,
    };
  const otherCase = signers.find(matcherOf(whole));
  if (otherCase !== undefined)
    return {
      code: 'never-matches',
      message: `${said} compares case and misses "${otherCase}": use ${operatorName(whole)}`,
    };
  const accent = signers.find((signer) =>
    matcherOf({ ...whole, text: withoutAccents(text) })(withoutAccents(signer)),
  );
  if (accent !== undefined)
    return {
      code: 'accents-folded',
      message: `${said} misses "${accent}": KQL compares letters with their accents, in composed form`,
    };
  const space = signers.find((signer) =>
    matcherOf({ ...whole, text: withoutOddities(text) })(withoutOddities(signer)),
  );
  if (space !== undefined)
    return {
      code: 'never-matches',
      message: `${said} misses "${space}": spaces or invisible characters differ`,
    };
  const part = foldCase(text);
  const longer = signers.find((signer) => foldCase(signer).includes(part));
  if (longer === undefined || part.length < MIN_PART_LENGTH) return undefined;
  const way = test.operator === 'equals' ? 'compares whole names' : 'finds whole terms only';
  const instead = test.operator === 'equals' ? 'has' : 'contains';
  return {
    code: 'never-matches',
    message: `${said} misses "${longer}": it ${way}; use ${instead}, or the whole word`,
  };
}

/** Composed letters without their marks: `DWSNET OU` for `DWSNET OÜ`. */
function withoutAccents(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '');
}

/** And with single plain spaces, and without what nobody sees. */
function withoutOddities(text: string): string {
  return withoutAccents(text.normalize('NFKD'))
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}
