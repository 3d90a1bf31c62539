import { Type, type Static } from 'typebox';

const strict = { additionalProperties: false } as const;

export const ModelConfiguration = Type.Object(
  {
    provider: Type.Optional(
      Type.Enum(['openai', 'offline'], {
        description: 'Whose models may answer; runs fail where DUOFACTORY_MODEL says another. Absent: any',
      }),
    ),
    name: Type.String({ description: '`default`: what DUOFACTORY_MODEL_NAME says' }),
    temperature: Type.Optional(Type.Number({ minimum: 0, maximum: 2 })),
    topP: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    maxOutputTokens: Type.Optional(Type.Integer({ minimum: 1 })),
    reasoningEffort: Type.Optional(Type.Enum(['minimal', 'low', 'medium', 'high'])),
    seed: Type.Optional(Type.Integer()),
    stop: Type.Optional(Type.Array(Type.String())),
  },
  strict,
);
export type ModelConfiguration = Static<typeof ModelConfiguration>;

export const PromptStep = Type.Object(
  {
    type: Type.Enum(['system', 'user', 'assistant']),
    text: Type.Optional(Type.String()),
    /** The model writes this message; what follows sees it. */
    generate: Type.Optional(Type.Boolean()),
  },
  strict,
);
export type PromptStep = Static<typeof PromptStep>;

export const PromptDefinition = Type.Object(
  {
    kind: Type.Literal('prompt'),
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$' }),
    name: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    model: ModelConfiguration,
    steps: Type.Array(PromptStep, { minItems: 1 }),
    output: Type.Union([
      Type.Literal('text'),
      Type.Object({ schema: Type.Record(Type.String(), Type.Unknown()) }, strict),
    ]),
  },
  { ...strict, title: 'Prompt' },
);
export type PromptDefinition = Static<typeof PromptDefinition>;
