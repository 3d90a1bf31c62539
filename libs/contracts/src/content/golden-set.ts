import { Type, type Static } from 'typebox';

const strict = { additionalProperties: false } as const;
const Verdict = Type.Enum(['pass', 'fail']);

export const GoldenCase = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$' }),
    /** What a person said, whichever evaluator is asked. */
    verdict: Type.Optional(Verdict),
    /** By evaluator id, what a person said of this question; an evaluator that is named in neither is not asked. */
    verdicts: Type.Optional(Type.Record(Type.String(), Verdict)),
    /** Why, for those who come later. */
    note: Type.Optional(Type.String()),
    /** The course that it is of: agreement is told by course, too. */
    course: Type.Optional(Type.String({ minLength: 1 })),
    /** The day on which the person judged, 2030-01-31: agreement is told by week, too. */
    judgedOn: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
    /** Results, inputs and variables as a block would see them, by name. */
    given: Type.Record(Type.String(), Type.Unknown()),
  },
  strict,
);
export type GoldenCase = Static<typeof GoldenCase>;

/** Cases with verdicts of people, by which evaluators are tested. */
export const GoldenSetDefinition = Type.Object(
  {
    kind: Type.Literal('golden-set'),
    id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]*$' }),
    name: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    /** The evaluators that it is for. */
    evaluators: Type.Array(Type.String(), { minItems: 1 }),
    /** Of every case that does not say otherwise. */
    given: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    cases: Type.Array(GoldenCase, { minItems: 1, maxItems: 2_000 }),
  },
  { ...strict, title: 'GoldenSet' },
);
export type GoldenSetDefinition = Static<typeof GoldenSetDefinition>;
