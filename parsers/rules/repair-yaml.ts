export interface RepairedYaml {
  readonly text: string;
  /** What was changed, a sentence each. */
  readonly repairs: readonly string[];
}

/**
 * Makes valid YAML of the mistakes that published rule files have. No line is added or removed, so that line numbers
 * stay those of the file.
 *
 * All 52 rules of the RMM family write `dataTypes:` in line with the dash of its connector, where it belongs two
 * columns further in:
 *
 *     requiredDataConnectors:
 *         - connectorId: MicrosoftThreatProtection
 *         dataTypes:
 */
export function repairYaml(source: string): RepairedYaml {
  const repairs: string[] = [];
  let text = source;
  if (text.startsWith('\uFEFF')) {
    text = text.slice(1);
    repairs.push('a byte order mark was dropped');
  }
  const lines = text.split('\n');
  let dash = '';
  for (const [index, line] of lines.entries()) {
    if (/^\S/.test(line)) dash = ''; // a key of the rule itself: the connectors end here
    dash = /^( *)- connectorId:/.exec(line)?.[1] ?? dash;
    if (dash === '' || !line.startsWith(`${dash}dataTypes:`)) continue;
    lines[index] = `  ${line}`;
    repairs.push(`line ${index + 1}: dataTypes was moved in, under its connectorId`);
  }
  return { text: lines.join('\n'), repairs };
}
