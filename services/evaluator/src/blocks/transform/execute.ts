import { BlockFailure, defineBlock } from '@duofactory/block-kit';
import type { Expressions } from '@duofactory/expressions';
import { classified } from '../../app/expression-failure.js';
import { manifest } from './manifest.js';

/** The value if it is an object, else `{value}`. */
export const transformBlock = (expressions: Expressions) =>
  defineBlock({
    ...manifest,
    execute: async ({ with: { expression }, payload, inputs, variables }, { signal }) => {
      const scope = { ...variables, ...inputs, ...payload.blockResults };
      const [value] = await expressions.evaluate(expression, [scope], { signal }).catch((error: unknown) => {
        throw classified(error);
      });
      if (value === undefined)
        throw new BlockFailure(
          'no-value',
          `"${expression}" gives nothing: does it name a field that is not there?`,
        );
      return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : { value };
    },
  });
