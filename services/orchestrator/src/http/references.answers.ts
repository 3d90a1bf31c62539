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
