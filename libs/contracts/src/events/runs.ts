import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';

export const RunRequested = Type.Object(
  { workflow: Type.String(), inputs: Type.Optional(Type.Record(Type.String(), Type.Unknown())) },
  { title: 'RunRequested' },
);
export type RunRequested = Static<typeof RunRequested>;

export const runRequestedV1 = eventContract({
  type: 'run-requested.v1',
  topic: 'duofactory.run-requested',
  description: 'Any service may publish it to start a run. The same source and id: one run.',
  schema: RunRequested,
});

export const RunStarted = Type.Object(
  { run: Type.String({ format: 'uuid' }), workflow: Type.String(), version: Type.Integer() },
  { title: 'RunStarted' },
);
export type RunStarted = Static<typeof RunStarted>;

export const runStartedV1 = eventContract({
  type: 'run-started.v1',
  topic: 'duofactory.runs',
  description: 'A run exists and its first tasks are stored. Keyed by run.',
  schema: RunStarted,
});

export const RunCompleted = Type.Object(
  {
    run: Type.String({ format: 'uuid' }),
    workflow: Type.String(),
    version: Type.Integer(),
    status: Type.Enum(['completed', 'partial', 'failed', 'cancelled']),
    reason: Type.Optional(Type.String()),
  },
  { title: 'RunCompleted' },
);
export type RunCompleted = Static<typeof RunCompleted>;

export const runCompletedV1 = eventContract({
  type: 'run-completed.v1',
  topic: 'duofactory.runs',
  description: 'A run ended, whichever way. Keyed by run.',
  schema: RunCompleted,
});
