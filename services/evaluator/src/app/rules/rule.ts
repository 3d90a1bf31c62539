import type { Expressions } from '@duofactory/expressions';
import type { Static, TSchema } from 'typebox';

export interface Finding {
  /** 0-1 */
  readonly score: number;
  /** One sentence for a person. */
  readonly reason: string;
}

export interface RuleTools {
  readonly expressions: Expressions;
  /** What expressions may name. */
  readonly scope: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
}

/** A check that needs no model. */
export interface Rule {
  readonly use: string;
  /** Of its parameters, templates resolved. */
  readonly parameters: TSchema;
  readonly judge: (parameters: never, tools: RuleTools) => Finding | Promise<Finding>;
}

export function defineRule<const S extends TSchema>(rule: {
  readonly use: string;
  readonly parameters: S;
  readonly judge: (parameters: Static<S>, tools: RuleTools) => Finding | Promise<Finding>;
}): Rule {
  return rule;
}
