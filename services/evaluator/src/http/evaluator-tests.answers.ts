import { Type, type TSchema } from 'typebox';

const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Time = Type.String({ format: 'date-time' });
const Verdict = Type.Enum(['pass', 'fail']);
const Failure = Type.Object({ code: Type.String(), message: Type.String() });

const Estimate = (description: string) =>
  Type.Object(
    { value: Nullable(Type.Number()), low: Nullable(Type.Number()), high: Nullable(Type.Number()) },
    { description: `${description}; null: not defined for these cases` },
  );

const testFields = {
  id: Type.String({ format: 'uuid' }),
  goldenSet: Type.String({ description: 'The version: duoradio@2' }),
  evaluators: Type.Array(Type.String({ description: 'The version: naturalness@3' })),
  repeats: Type.Integer(),
  status: Type.Enum(['running', 'done', 'failed']),
  done: Type.Integer({ description: 'Answers of so many, each evaluator and time by itself' }),
  total: Type.Integer(),
  error: Nullable(Failure),
  author: Type.String(),
  createdAt: Time,
  endedAt: Nullable(Time),
};
export const EvaluatorTest = Type.Object(testFields, { title: 'EvaluatorTest' });
export const EvaluatorTestPage = Type.Object({
  tests: Type.Array(EvaluatorTest),
  next: Type.Optional(Type.String({ description: 'Cursor of the next page; absent on the last' })),
});

const TestCase = Type.Object(
  {
    case: Type.String(),
    human: Verdict,
    course: Type.Optional(Type.String()),
    judgedOn: Type.Optional(Type.String({ description: 'The day on which the person judged' })),
    verdict: Nullable(Verdict),
    score: Nullable(Type.Number()),
    reasons: Type.Array(Type.String()),
    votes: Type.Array(Type.Number()),
    error: Nullable(Failure),
  },
  { title: 'TestCaseResult' },
);

const agreement = {
  cases: Type.Integer({ description: 'With an answer' }),
  confusion: Type.Object(
    {
      passPass: Type.Integer(),
      passFail: Type.Integer(),
      failPass: Type.Integer(),
      failFail: Type.Integer(),
    },
    { description: "How often: the person's verdict, then the evaluator's" },
  ),
  kappa: Estimate(
    "Cohen's kappa; 95 % by a seeded percentile bootstrap of 2,000 resamples, or by Wilson's bounds where all resamples are alike",
  ),
  precision: Estimate("Of those that the evaluator passes, how many people pass; 95 % by Wilson's score"),
  recall: Estimate("Of those that people pass, how many the evaluator passes; 95 % by Wilson's score"),
  accuracy: Estimate("How many verdicts are equal; 95 % by Wilson's score"),
};

const AgreementPart = Type.Object({ name: Type.String(), ...agreement }, { title: 'AgreementPart' });

const VersionReport = Type.Object(
  {
    evaluator: Type.String(),
    failed: Type.Integer({ description: 'Without an answer: in no figure' }),
    ...agreement,
    flippedBetweenVotes: Type.Array(Type.String(), {
      description: 'Cases whose votes lie on both sides of the threshold',
    }),
    cost: Type.Object({
      amount: Type.Number({ description: 'Paid by this test' }),
      currency: Type.Literal('USD'),
      unpriced: Type.Integer({ description: 'Calls without a known price' }),
      saved: Type.Number({ description: 'What answers that were there would have cost' }),
    }),
    results: Type.Array(TestCase),
  },
  { title: 'EvaluatorTestVersion' },
);

export const EvaluatorTestReport = Type.Object(
  {
    ...testFields,
    report: Nullable(
      Type.Object({
        versions: Type.Array(VersionReport),
        flippedBetweenVersions: Type.Array(
          Type.Object({
            case: Type.String(),
            human: Verdict,
            verdicts: Type.Record(Type.String(), Verdict),
          }),
          { description: 'Cases of which versions of one evaluator say different things' },
        ),
      }),
    ),
  },
  { title: 'EvaluatorTestReport' },
);

export const EvaluatorAgreement = Type.Object(
  {
    evaluator: Type.String(),
    passAt: Type.Number(),
    ...agreement,
    passes: Type.Integer({ description: 'Cases that would pass' }),
    falsePasses: Type.Array(TestCase, { description: 'It would pass them, people do not' }),
    falseFails: Type.Array(TestCase, { description: 'People pass them, it would not' }),
    changed: Type.Array(Type.String(), { description: 'Cases whose verdict it would change' }),
    flips: Type.Object(
      {
        cases: Type.Integer({ description: 'Cases of which it was asked more than once' }),
        flipped: Type.Array(TestCase),
        rate: Estimate("How many of them flip; 95 % by Wilson's score"),
      },
      { description: 'Where its answers to one question lie on both sides of the threshold' },
    ),
    byCourse: Type.Array(AgreementPart, { description: 'Of the cases that name their course' }),
    byWeek: Type.Array(AgreementPart, {
      description: 'Of the cases that say when they were judged, by ISO week such as 2030-W05',
    }),
  },
  { title: 'EvaluatorAgreement' },
);
