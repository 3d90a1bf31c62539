import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';

export const ReferencePublished = Type.Object(
  {
    kind: Type.String({ examples: ['prompt', 'evaluator', 'table', 'course'] }),
    id: Type.String(),
    version: Type.Integer({ minimum: 1 }),
    labels: Type.Array(Type.String()),
    hash: Type.String(),
    /** Names that the thing reads when a block uses it: prompts' variables, evaluators' paths. */
    reads: Type.Optional(Type.Array(Type.String())),
    /** Other versioned things that it names, and where: an evaluator's prompt. */
    uses: Type.Optional(
      Type.Array(Type.Object({ kind: Type.String(), reference: Type.String(), field: Type.String() })),
    ),
  },
  { title: 'ReferencePublished' },
);
export type ReferencePublished = Static<typeof ReferencePublished>;

export const referencePublishedV1 = eventContract({
  type: 'reference-published.v1',
  topic: 'duofactory.references',
  compacted: true,
  description:
    'A version of a prompt, an evaluator or a source exists, so that runs can pin it. Keyed by kind, id and version.',
  schema: ReferencePublished,
});
