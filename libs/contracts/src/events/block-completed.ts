import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';
import { Ref } from '../ref.js';
import { Usage } from '../usage.js';

const Result = Type.Record(Type.String(), Type.Unknown());

export const BlockCompleted = Type.Object(
  {
    run: Type.String({ format: 'uuid' }),
    task: Type.String({ format: 'uuid' }),
    attempt: Type.Integer({ minimum: 1 }),
    outputs: Type.Optional(
      Type.Array(
        Type.Object({
          id: Type.Optional(Type.String()),
          result: Type.Optional(Result),
          ref: Type.Optional(Ref),
        }),
      ),
    ),
    picks: Type.Optional(Type.Array(Type.Object({ key: Type.String(), result: Result }))),
    usage: Type.Optional(Type.Array(Usage)),
  },
  { title: 'BlockCompleted' },
);
export type BlockCompleted = Static<typeof BlockCompleted>;

export const blockCompletedV1 = eventContract({
  type: 'block-completed.v1',
  topic: 'duofactory.block-completed',
  description: 'An attempt succeeded. One output for `one`; `picks` for `pick`. Keyed by run.',
  schema: BlockCompleted,
});
