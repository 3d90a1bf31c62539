import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';
import { attemptWork } from './attempt-work.js';

export const BlockProgress = Type.Object(
  {
    run: Type.String({ format: 'uuid' }),
    task: Type.String({ format: 'uuid' }),
    attempt: Type.Integer({ minimum: 1 }),
    done: Type.Optional(Type.Number()),
    total: Type.Optional(Type.Number()),
    note: Type.Optional(Type.String()),
    ...attemptWork,
  },
  { title: 'BlockProgress' },
);
export type BlockProgress = Static<typeof BlockProgress>;

export const blockProgressV1 = eventContract({
  type: 'block-progress.v1',
  topic: 'duofactory.block-progress',
  description: 'Sign of life of long work, every 30 s.',
  schema: BlockProgress,
});
