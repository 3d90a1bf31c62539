import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';

export const HoldLifted = Type.Object(
  {
    id: Type.String({ description: 'As `hold.id` of block-failed.v1' }),
    epoch: Type.Integer({ description: 'Holds of an earlier epoch hold nothing any more' }),
  },
  { title: 'HoldLifted' },
);
export type HoldLifted = Static<typeof HoldLifted>;

export const holdLiftedV1 = eventContract({
  type: 'hold-lifted.v1',
  topic: 'duofactory.holds',
  description: 'A limit was raised, or a person decided: runs that paused for it go on. Keyed by the hold.',
  schema: HoldLifted,
});
