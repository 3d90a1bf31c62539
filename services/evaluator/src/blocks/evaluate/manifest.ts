import { Reference, type BlockManifest } from '@duofactory/contracts';
import { Type } from 'typebox';

export const manifest = {
  type: 'evaluate',
  version: 1,
  title: 'Evaluate',
  description: 'Asks one evaluator, or several at once, and combines their scores',
  input: 'each',
  output: 'one',
  // Evaluators name results that the configuration does not.
  reads: 'all',
  timeout: '2m',
  with: Type.Object(
    {
      evaluators: Type.Array(Reference('evaluator'), { minItems: 1, maxItems: 8, title: 'Evaluators' }),
      combine: Type.Enum(['mean', 'min', 'weighted', 'all-must-pass'], { default: 'mean', title: 'Combine' }),
      weights: Type.Optional(
        Type.Array(Type.Number({ exclusiveMinimum: 0 }), {
          title: 'Weights',
          description: 'Of the evaluators, in their order; for weighted',
        }),
      ),
      passAt: Type.Number({ minimum: 0, maximum: 1, default: 0.7, title: 'Pass at' }),
    },
    { additionalProperties: false },
  ),
} as const satisfies BlockManifest;
