import { COMPARED_FIELDS, type ComparedField, type Facts, isSame } from './compared-facts.ts';

/** One field of which the sides say something else. */
export interface FieldDifference {
  readonly field: ComparedField;
  readonly agentValue: string;
  readonly exportValue: string;
}

/**
 * Where the sides differ on one file. Each signature of the export is held against that one of the agent's which is most like it:
 * an export has some signatures of a file, not their order.
 */
export function differingFields(
  agent: readonly Facts[],
  exported: readonly Facts[],
): readonly FieldDifference[] {
  const found = new Map<string, FieldDifference>();
  for (const facts of exported) {
    const candidates = agent.map((each) => differences(each, facts));
    const [nearest] = candidates.sort((one, other) => one.length - other.length);
    for (const each of nearest ?? []) found.set(JSON.stringify(each), each);
  }
  return [...found.values()];
}

function differences(agent: Facts, exported: Facts): FieldDifference[] {
  return COMPARED_FIELDS.flatMap(({ name }, index) => {
    const [one, other] = [agent[index] ?? null, exported[index] ?? null];
    return isSame(index, one, other)
      ? []
      : [{ field: name, agentValue: one ?? '', exportValue: other ?? '' }];
  });
}
