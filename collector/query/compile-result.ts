import type { Plan } from '../../parsers/kql/plan.ts';

/** A query text as a plan, or why not: an answer that crosses threads, where an error would lose its class. */
export type CompileResult =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | {
      readonly kind: 'refused';
      /** KqlError's code, message and 1-based place. */
      readonly code: string;
      readonly message: string;
      readonly line: number;
      readonly column: number;
    };

/** Turns KQL text into a plan, somewhere that may take seconds. */
export interface QueryCompiler {
  compile(query: string): Promise<CompileResult>;
}
