import { Type } from 'typebox';

export const ReferenceUsesAnswer = Type.Object(
  {
    workflows: Type.Array(
      Type.Object({
        workflow: Type.String(),
        version: Type.Union([Type.Integer({ description: 'The latest; null: the draft' }), Type.Null()]),
        blocks: Type.Array(Type.Object({ block: Type.String(), reference: Type.String() })),
      }),
    ),
    references: Type.Array(
      Type.Object({
        kind: Type.String(),
        id: Type.String(),
        version: Type.Integer(),
        reference: Type.String({ description: 'As it names it: id, id@7 or id@label' }),
        field: Type.String(),
      }),
      { description: 'Other versioned things, such as evaluators that ask a prompt' },
    ),
    runs: Type.Array(
      Type.Object({ reference: Type.String(), workflow: Type.String(), runs: Type.Integer() }),
      { description: 'Runs that have not ended, by the version that they are bound to' },
    ),
  },
  { title: 'ReferenceUses' },
);

export const PastInputPage = Type.Object(
  {
    inputs: Type.Array(
      Type.Object(
        {
          task: Type.String({
            format: 'uuid',
            description: 'GET /api/tasks/:id/input tells what it was given',
          }),
          run: Type.String({ format: 'uuid' }),
          workflow: Type.String(),
          block: Type.String(),
          key: Type.String({ description: 'Of the payload; each is told once, whatever its samples' }),
          status: Type.String({ description: 'Of the task: done, failed, dropped or kept' }),
          reference: Type.String({ description: 'The version that it ran: title@3' }),
          at: Type.String({ format: 'date-time', description: 'When the run began' }),
          judge: Type.Union([
            Type.Object({
              block: Type.String(),
              type: Type.String(),
              with: Type.Record(Type.String(), Type.Unknown(), {
                description: 'Its configuration, with the versions that the run is bound to',
              }),
            }),
            Type.Null(),
          ]),
          score: Type.Optional(
            Type.Number({ description: 'Of its worst sample, by the judge; told with order=worst' }),
          ),
        },
        { title: 'PastInput' },
      ),
    ),
    next: Type.Optional(Type.String({ description: 'Cursor of the next page; absent on the last' })),
  },
  { title: 'PastInputPage' },
);
