import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';
import { Ref } from '../ref.js';
import { attemptWork } from './attempt-work.js';
import { Usage } from '../usage.js';

const Result = Type.Record(Type.String(), Type.Unknown());

const outputs = Type.Array(
  Type.Object({
    id: Type.Optional(Type.String()),
    result: Type.Optional(Result),
    ref: Type.Optional(Ref),
  }),
);
const notPicked = Type.Array(
  Type.Object({ key: Type.String(), why: Type.Record(Type.String(), Type.Unknown()) }),
  { description: 'Beside `picks`: why each of the others was left out' },
);
const picks = Type.Array(Type.Object({ key: Type.String(), result: Result }));

/** What a block made, as it lies in the object store where it is too large for an event. */
export const BlockAnswer = Type.Object(
  {
    outputs: Type.Optional(outputs),
    picks: Type.Optional(picks),
    notPicked: Type.Optional(notPicked),
  },
  { title: 'BlockAnswer' },
);
export type BlockAnswer = Static<typeof BlockAnswer>;

export const BlockCompleted = Type.Object(
  {
    run: Type.String({ format: 'uuid' }),
    task: Type.String({ format: 'uuid' }),
    attempt: Type.Integer({ minimum: 1 }),
    outputs: Type.Optional(outputs),
    picks: Type.Optional(picks),
    notPicked: Type.Optional(notPicked),
    /** Instead of both, where they are over 256 KB together: a JSON object with `outputs` or `picks`. */
    answer: Type.Optional(Ref),
    usage: Type.Optional(Type.Array(Usage)),
    ...attemptWork,
  },
  { title: 'BlockCompleted' },
);
export type BlockCompleted = Static<typeof BlockCompleted>;

export const blockCompletedV1 = eventContract({
  type: 'block-completed.v1',
  topic: 'duofactory.block-completed',
  description:
    'An attempt succeeded. One output for `one`; `picks` for `pick`; `answer` points to either where it is large. Keyed by run.',
  schema: BlockCompleted,
});
