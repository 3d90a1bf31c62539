import { Type, type Static } from 'typebox';
import { Delay, Duration } from '../duration.js';

const strict = { additionalProperties: false } as const;
const BlockId = Type.String({
  pattern: '^[a-z][a-zA-Z0-9_]{0,62}$',
  description: 'an id: a small letter, then letters, digits and "_", 63 at most',
  examples: ['script'],
});
/** Templates and expressions name it. */
const NameSchema = Type.String({
  pattern: '^[A-Za-z_][A-Za-z0-9_-]*$',
  description: 'a name: a letter or "_", then letters, digits, "_" and "-"',
  examples: ['course'],
});

export const Retry = Type.Object(
  {
    attempts: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    base: Type.Optional(Delay),
    cap: Type.Optional(Delay),
  },
  strict,
);

export const BlockDefinition = Type.Object(
  {
    id: BlockId,
    type: Type.String(),
    name: Type.Optional(Type.String()),
    input: Type.Optional(Type.Enum(['each', 'all'])),
    needs: Type.Optional(
      Type.Array(
        Type.Union([
          BlockId,
          Type.Object({ block: BlockId, optional: Type.Optional(Type.Boolean()) }, strict),
        ]),
      ),
    ),
    with: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    per: Type.Optional(BlockId),
    times: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
    when: Type.Optional(Type.String()),
    cross: Type.Optional(Type.Boolean()),
    repeat: Type.Optional(
      Type.Object(
        {
          from: BlockId,
          until: Type.Optional(Type.String()),
          rounds: Type.Integer({ minimum: 1, maximum: 1000 }),
          otherwise: Type.Optional(Type.Enum(['drop', 'keep', 'fail'])),
        },
        strict,
      ),
    ),
    onError: Type.Optional(Type.Enum(['fail', 'drop', 'keep'])),
    minSuccess: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1 }), Type.String({ pattern: '^(100|[1-9]?\\d)%$' })], {
        description: 'a number of payloads from 1, or a share such as 50%, at most 100%',
      }),
    ),
    retry: Type.Optional(Retry),
    timeout: Type.Optional(Duration),
    deadline: Type.Optional(Duration),
    concurrency: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { ...strict, title: 'Block' },
);
export type BlockDefinition = Static<typeof BlockDefinition>;

export const WorkflowInput = Type.Object(
  {
    type: Type.Enum(['string', 'number', 'integer', 'boolean', 'object', 'array']),
    description: Type.Optional(Type.String()),
    default: Type.Optional(Type.Unknown()),
  },
  strict,
);

export const WorkflowDefinition = Type.Object(
  {
    kind: Type.Literal('workflow'),
    id: Type.String({
      pattern: '^[a-z0-9][a-z0-9-]*$',
      description: 'small letters, digits and "-"',
      examples: ['my-workflow'],
    }),
    name: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    inputs: Type.Optional(Type.Record(Type.String(), WorkflowInput, { propertyNames: NameSchema })),
    variables: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { propertyNames: NameSchema })),
    deadline: Type.Optional(Duration),
    maxPayloads: Type.Optional(Type.Integer({ minimum: 1 })),
    blocks: Type.Array(BlockDefinition, { minItems: 1, maxItems: 1000 }),
  },
  { ...strict, title: 'Workflow' },
);
export type WorkflowDefinition = Static<typeof WorkflowDefinition>;
