import { foldCase } from '../../kql/fold-case.ts';
import type { ToolFacts } from '../tool-facts.ts';

/**
 * Programs that filters call by the name of their product.
 * Source: Microsoft Configuration Manager documentation, "Client installation": the service SMS Agent Host runs CcmExec.exe.
 */
const PRODUCTS: Readonly<Record<string, { readonly program: string; readonly of: string }>> = {
  'SCCM.EXE': { program: 'CcmExec.exe', of: "SCCM's client (Configuration Manager)" },
};

/** What a filter's name of a program really is. */
export interface ProgramName {
  /** The programs that were meant; the name itself where nothing better is known. */
  readonly programs: readonly string[];
  /** Why they are others, in a sentence; undefined where they are not. */
  readonly remark: string | undefined;
}

/** Looks at `name`, as in process.name == "tightvnc.exe", of a filter that is about `tool`. */
export function programName(name: string, tool: ToolFacts): ProgramName {
  const product = PRODUCTS[foldCase(name)];
  if (product)
    return {
      programs: [product.program],
      remark: `the process of ${product.of} is ${product.program}, not ${name}`,
    };
  const programs = programsOf(tool);
  if (programs.some((each) => foldCase(each) === foldCase(name)))
    return { programs: [name], remark: undefined };
  const ships = `${tool.tool} ships ${listed(programs)}`;
  if (programs.length > 0 && isNamedAfter(name, tool))
    return { programs, remark: `${ships}, and no ${name}` };
  const viewers = programs.filter((each) => /viewer/i.test(each));
  if (viewers.length > 0 && /viewer/i.test(name))
    return { programs: viewers, remark: `${ships}, and no ${name}` };
  return { programs: [name], remark: undefined };
}

/** The tool that `names` are about: one that is named so, else one that ships such a program. */
export function toolOf(
  names: readonly string[],
  known: readonly ToolFacts[],
): ToolFacts | undefined {
  for (const name of names) {
    const tool = known.find((each) => isNamedAfter(name, each));
    if (tool) return tool;
  }
  for (const name of names) {
    const tool = known.find((each) => shipsProgram(each, name));
    if (tool) return tool;
  }
  return undefined;
}

/** The executables of a tool, each name once. */
export function programsOf({ fileNames, originalFileNames }: ToolFacts): string[] {
  const names = [...fileNames, ...originalFileNames].filter((name) => /\.exe$/i.test(name));
  return [...new Map(names.map((name) => [foldCase(name), name])).values()];
}

function shipsProgram(tool: ToolFacts, name: string): boolean {
  return programsOf(tool).some((each) => foldCase(each) === foldCase(name));
}

function isNamedAfter(name: string, { tool }: ToolFacts): boolean {
  return letters(name.replace(/\.exe$/i, '')) === letters(tool);
}

function letters(text: string): string {
  return foldCase(text).replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
