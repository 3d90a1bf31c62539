import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';

export const TasksCancelled = Type.Object(
  { run: Type.String({ format: 'uuid' }), tasks: Type.Optional(Type.Array(Type.String({ format: 'uuid' }))) },
  { title: 'TasksCancelled' },
);
export type TasksCancelled = Static<typeof TasksCancelled>;

export const tasksCancelledV1 = eventContract({
  type: 'tasks-cancelled.v1',
  topic: 'duofactory.cancellations',
  description: 'A hint to every instance: skip or abort these tasks (none named: all of the run).',
  schema: TasksCancelled,
});
