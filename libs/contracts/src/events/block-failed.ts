import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';
import { attemptWork } from './attempt-work.js';
import { Usage } from '../usage.js';

export const BlockError = Type.Object(
  {
    code: Type.String(),
    message: Type.String(),
    retryable: Type.Boolean(),
    afterMs: Type.Optional(
      Type.Number({ description: 'Not before so many milliseconds, as the vendor asked' }),
    ),
    hold: Type.Optional(
      Type.Object(
        {
          reason: Type.String(),
          id: Type.Optional(
            Type.String({ description: 'What holds it, `budget/<id>`: hold-lifted.v1 names it' }),
          ),
          epoch: Type.Optional(
            Type.Integer({ description: 'A hold that is lifted to a later epoch holds nothing any more' }),
          ),
          until: Type.Optional(Type.String({ format: 'date-time', description: 'It ends by itself then' })),
        },
        {
          description: 'A limit is reached: the attempt does not count and the run pauses',
        },
      ),
    ),
  },
  { title: 'BlockError' },
);
export type BlockError = Static<typeof BlockError>;

export const BlockFailed = Type.Object(
  {
    run: Type.String({ format: 'uuid' }),
    task: Type.String({ format: 'uuid' }),
    attempt: Type.Integer({ minimum: 1 }),
    error: BlockError,
    usage: Type.Optional(Type.Array(Usage)),
    ...attemptWork,
  },
  { title: 'BlockFailed' },
);
export type BlockFailed = Static<typeof BlockFailed>;

export const blockFailedV1 = eventContract({
  type: 'block-failed.v1',
  topic: 'duofactory.block-completed',
  description:
    'An attempt failed, on the topic of the completed ones so that both stay in order. Keyed by run.',
  schema: BlockFailed,
});
