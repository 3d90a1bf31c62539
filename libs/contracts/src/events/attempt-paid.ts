import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';
import { Usage } from '../usage.js';

export const AttemptPaid = Type.Object(
  {
    run: Type.String({ format: 'uuid' }),
    task: Type.String({ format: 'uuid' }),
    attempt: Type.Integer({ minimum: 1 }),
    usage: Type.Array(Usage, { minItems: 1 }),
  },
  { title: 'AttemptPaid' },
);
export type AttemptPaid = Static<typeof AttemptPaid>;

export const attemptPaidV1 = eventContract({
  type: 'attempt-paid.v1',
  topic: 'duofactory.block-completed',
  description:
    'What an attempt used and its answer does not tell: its time was over, or its run was cancelled, while a vendor answered. It settles nothing. Keyed by run.',
  schema: AttemptPaid,
});
