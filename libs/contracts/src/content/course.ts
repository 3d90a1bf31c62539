import { Type, type Static } from 'typebox';

const strict = { additionalProperties: false } as const;

export const CourseUnit = Type.Object(
  {
    id: Type.String({ description: 'The node id of the curriculum' }),
    name: Type.String(),
    objective: Type.String(),
    level: Type.String({ description: 'CEFR', examples: ['A1', 'A2'] }),
    words: Type.Array(Type.Object({ text: Type.String(), translation: Type.String() }, strict)),
    sentences: Type.Array(
      Type.Object(
        {
          text: Type.String(),
          translation: Type.String(),
          scene: Type.Optional(Type.Integer()),
          speaker: Type.Optional(Type.String()),
        },
        strict,
      ),
    ),
    slots: Type.Array(Type.Object({ slot: Type.Integer({ minimum: 0 }), show: Type.String() }, strict)),
  },
  strict,
);

export const CourseDefinition = Type.Object(
  {
    kind: Type.Literal('course'),
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$' }),
    title: Type.String(),
    language: Type.String({ description: 'The language that is learned' }),
    from: Type.String({ description: 'The language of the learner' }),
    units: Type.Array(CourseUnit, { minItems: 1 }),
  },
  { ...strict, title: 'Course' },
);
export type CourseDefinition = Static<typeof CourseDefinition>;

export const TableDefinition = Type.Object(
  {
    kind: Type.Literal('table'),
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$' }),
    name: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    file: Type.Optional(Type.String({ description: 'CSV, TSV or JSON beside this file' })),
    columns: Type.Optional(Type.Array(Type.String())),
    rows: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Unknown()))),
  },
  { ...strict, title: 'Table' },
);
export type TableDefinition = Static<typeof TableDefinition>;
