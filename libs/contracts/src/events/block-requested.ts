import { Type, type Static } from 'typebox';
import { eventContract } from '../cloud-event.js';

const BlockResults = Type.Record(Type.String(), Type.Unknown(), {
  description: 'By block id; a value over 256 KB is {ref}',
});

/** A run that another one works for. */
export const RunAbove = Type.Object({ run: Type.String({ format: 'uuid' }), workflow: Type.String() });
export type RunAbove = Static<typeof RunAbove>;

export const BlockRequested = Type.Object(
  {
    run: Type.String({ format: 'uuid' }),
    workflow: Type.Optional(Type.String({ description: 'Whose run it is' })),
    above: Type.Optional(
      Type.Array(RunAbove, {
        description: 'Of a run inside a run: the runs that it works for, nearest first',
      }),
    ),
    task: Type.String({ format: 'uuid' }),
    attempt: Type.Integer({ minimum: 1 }),
    block: Type.String(),
    type: Type.String(),
    typeVersion: Type.Integer(),
    key: Type.String({ description: 'Lineage of the payload or group; empty for the whole run' }),
    sample: Type.Integer({ description: 'From 1; the round for an all block in a loop' }),
    lineage: Type.String({ description: 'First run of a chain of reruns: part of ledger keys' }),
    with: Type.Record(Type.String(), Type.Unknown(), {
      description: 'The configuration, templates resolved',
    }),
    unresolved: Type.Optional(
      Type.Boolean({
        description: 'true: a template names a result that travels as {ref}; the service resolves `with`',
      }),
    ),
    inputs: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    variables: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    payload: Type.Optional(Type.Object({ key: Type.String(), blockResults: BlockResults })),
    payloads: Type.Optional(
      Type.Object({
        count: Type.Integer(),
        href: Type.String({ description: 'Path of the first page, on the orchestrator' }),
      }),
    ),
    timeoutMs: Type.Integer(),
    deadlineAt: Type.Optional(Type.String()),
  },
  { title: 'BlockRequested' },
);
export type BlockRequested = Static<typeof BlockRequested>;

export const blockRequestedV1 = eventContract({
  type: 'block-requested.v1',
  topic: 'duofactory.block-requested',
  description:
    'The orchestrator asks a service to do one attempt of a task. One topic a block type, keyed by task.',
  schema: BlockRequested,
});

export const blockRequestedTopic = (type: string): string => `${blockRequestedV1.topic}.${type}`;
