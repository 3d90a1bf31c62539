import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';

/** More are told by several events. */
export const MOST_EFFECTS_REUSED = 500;

export const EffectsReused = Type.Object(
  {
    run: Type.Optional(Type.String({ format: 'uuid', description: 'For which they were used' })),
    workflow: Type.Optional(Type.String()),
    effects: Type.Array(
      Type.Object({
        ledger: Type.String({ description: 'As `ledger` of a usage: what was paid once' }),
        task: Type.String({ description: 'That used it' }),
        block: Type.String(),
        times: Type.Integer({ minimum: 1, description: 'In all: told again it is no more' }),
      }),
      { maxItems: MOST_EFFECTS_REUSED },
    ),
  },
  { title: 'EffectsReused' },
);
export type EffectsReused = Static<typeof EffectsReused>;

export const effectsReusedV1 = eventContract({
  type: 'effects-reused.v1',
  topic: 'duofactory.effects-reused',
  description:
    'What was paid for earlier was used again without asking the ledger: a task of a rerun took the result of an equal one, an episode has lines that were spoken before. Counts as saved. Keyed by run.',
  schema: EffectsReused,
});
