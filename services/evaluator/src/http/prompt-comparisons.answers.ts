import { DefinitionChangeAnswer } from '@duofactory/platform';
import { Type, type TSchema } from 'typebox';
import { FEWEST_OF_INTERVAL } from '../app/comparison/comparison-report.js';

const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Failure = Type.Object({ code: Type.String(), message: Type.String() });

const Answer = Type.Object(
  {
    value: Nullable(Type.Record(Type.String(), Type.Unknown())),
    error: Nullable(Failure),
    score: Nullable(Type.Number({ description: 'Mean of its judgements' })),
    judgements: Type.Array(Type.Number()),
    reasons: Type.Array(Type.String()),
    judgeError: Nullable(Failure),
    cost: Nullable(
      Type.Number({ description: 'In US dollars, paid now or before; null: a price is unknown' }),
    ),
  },
  { title: 'ComparedAnswer' },
);

export const PromptComparison = Type.Object(
  {
    prompt: Type.String(),
    from: Type.String({ description: 'A version, or draft' }),
    to: Type.String(),
    evaluators: Type.Array(Type.String()),
    better: Type.Integer(),
    same: Type.Integer({ description: "Within the evaluator's own spread" }),
    worse: Type.Integer(),
    unjudged: Type.Integer(),
    different: Type.Integer({ description: 'Whose answers are not equal, whatever their scores' }),
    mean: Type.Object(
      {
        value: Nullable(Type.Number()),
        low: Nullable(Type.Number()),
        high: Nullable(Type.Number()),
        pairs: Type.Integer({ description: 'How many differences it is the mean of' }),
        noInterval: Nullable(
          Type.Enum(['too-few', 'all-equal'], {
            description: `Why there is none: fewer than ${FEWEST_OF_INTERVAL} pairs, or differences that are all the same`,
          }),
        ),
      },
      { description: "Mean difference of the scores; low and high: 95 % by Student's t" },
    ),
    spread: Nullable(
      Type.Number({ description: 'How far two scores of one answer lie apart by chance, with 95 %' }),
    ),
    cost: Type.Object({
      before: Nullable(Type.Number()),
      after: Nullable(Type.Number()),
      change: Nullable(Type.Number({ description: '0.12 is 12 % more' })),
    }),
    paid: Type.Object({
      amount: Type.Number({ description: 'By this comparison, judges too' }),
      saved: Type.Number({ description: 'What answers that were there would have cost' }),
      unpriced: Type.Integer(),
    }),
    pairs: Type.Array(
      Type.Object(
        {
          task: Type.String({ format: 'uuid' }),
          run: Type.String({ format: 'uuid' }),
          workflow: Type.String(),
          block: Type.String(),
          key: Type.String(),
          before: Answer,
          after: Answer,
          difference: Nullable(Type.Number()),
          verdict: Nullable(Type.Enum(['better', 'same', 'worse'])),
          changes: Type.Array(DefinitionChangeAnswer),
        },
        { title: 'ComparedPair' },
      ),
    ),
  },
  { title: 'PromptComparison' },
);

export const PromptComparisonEstimate = Type.Object(
  {
    inputs: Type.Integer({ description: 'That there are, up to the limit' }),
    answers: Type.Integer(),
    judgements: Type.Integer(),
    cost: Nullable(Type.Number({ description: 'In US dollars, if no answer is there yet; null: unknown' })),
    evaluators: Type.Array(Type.String()),
  },
  { title: 'PromptComparisonEstimate' },
);

export const PastPromptComparisons = Type.Object(
  {
    comparisons: Type.Array(
      Type.Object({
        prompt: Type.String(),
        since: Type.Integer({ description: 'The version that it was compared with' }),
        hash: Type.String({ description: 'Of the definition that was compared: a draft, or a version' }),
        inputs: Type.Integer(),
        better: Type.Integer(),
        same: Type.Integer(),
        worse: Type.Integer(),
        unjudged: Type.Integer(),
        at: Type.String({ format: 'date-time' }),
      }),
    ),
  },
  { title: 'PastPromptComparisons' },
);
