import { Type, type Static } from 'typebox';

const strict = { additionalProperties: false } as const;
// Not Type.Tuple: it writes a list under "items", which JSON Schema 2020-12 refuses.
const Scale = Type.Unsafe<[number, number]>(
  Type.Array(Type.Number(), { minItems: 2, maxItems: 2, description: 'The lowest and the highest score' }),
);
const head = {
  kind: Type.Literal('evaluator'),
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$' }),
  name: Type.Optional(Type.String()),
  description: Type.Optional(Type.String()),
  passAt: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
};

export const EvaluatorDefinition = Type.Union(
  [
    Type.Object(
      {
        ...head,
        type: Type.Literal('model'),
        with: Type.Object(
          {
            prompt: Type.String(),
            inputs: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
            scale: Scale,
            votes: Type.Optional(Type.Integer({ minimum: 1, maximum: 25 })),
          },
          strict,
        ),
      },
      strict,
    ),
    Type.Object(
      {
        ...head,
        type: Type.Literal('rule'),
        with: Type.Object(
          {
            rules: Type.Array(
              Type.Object(
                { use: Type.String(), weight: Type.Optional(Type.Number({ exclusiveMinimum: 0 })) },
                { additionalProperties: true },
              ),
              { minItems: 1 },
            ),
          },
          strict,
        ),
      },
      strict,
    ),
    Type.Object(
      {
        ...head,
        type: Type.Literal('composite'),
        with: Type.Object(
          {
            evaluators: Type.Array(
              Type.Object(
                {
                  evaluator: Type.String(),
                  weight: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
                  passAt: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
                },
                strict,
              ),
              { minItems: 1 },
            ),
            combine: Type.Enum(['mean', 'min', 'weighted', 'all-must-pass']),
          },
          strict,
        ),
      },
      strict,
    ),
  ],
  { title: 'Evaluator' },
);
export type EvaluatorDefinition = Static<typeof EvaluatorDefinition>;
