import { Ref, Usage } from '@duofactory/contracts';
import { Type, type TSchema } from 'typebox';

const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const Estimate = Type.Object(
  {
    inputTokens: Type.Integer(),
    outputTokens: Type.Integer({ description: 'At most' }),
    cost: Type.Union([Type.Number({ description: 'In US dollars' }), Type.Null()], {
      description: 'null: the price is unknown',
    }),
  },
  { title: 'CallEstimate', description: 'By the length of the texts; images are not in it' },
);

/** What the operations answer, as it arrives. */
export const PreviewedPrompt = Type.Object(
  {
    prompt: Type.String({ description: '`id@version`; version 0: it is not published' }),
    calls: Type.Array(
      Type.Object({
        step: Type.String({ description: '`step 3`, or `answer` for the last' }),
        request: Type.Unknown({ description: 'The exact body, images only named' }),
        estimate: Estimate,
      }),
    ),
    unfilled: Type.Array(Type.String(), {
      description: 'Variables that nothing gives, where they are left: `unit.level`, `image:map`',
    }),
    estimate: Estimate,
  },
  { title: 'PreviewedPrompt' },
);

export const AskedPromptAnswer = Type.Object(
  {
    prompt: Type.String({ description: '`id@version`; version 0: it is not published' }),
    value: Type.Record(Type.String(), Type.Unknown(), {
      description: '`{text}`, or an object that fits the output schema',
    }),
    usage: Type.Array(Usage),
    totals: Type.Object({
      inputTokens: Type.Number(),
      outputTokens: Type.Number(),
      paid: Type.Number({ description: 'In US dollars, now' }),
      saved: Type.Number({ description: 'What answers that were there already would have cost' }),
      unpriced: Type.Integer({ description: 'Calls without a known price: in neither' }),
    }),
  },
  { title: 'AskedPrompt' },
);

const TextFault = Type.Object(
  {
    field: Type.String({ description: 'Such as steps.1.text' }),
    message: Type.String(),
    code: Type.Optional(Type.String()),
    from: Type.Optional(Type.Integer({ description: 'Where in the text it begins, in UTF-16 units' })),
    to: Type.Optional(Type.Integer()),
    fix: Type.Optional(
      Type.Object({ label: Type.String(), text: Type.String({ description: 'The whole text, mended' }) }),
    ),
  },
  { title: 'PromptFault', additionalProperties: true },
);
export const CheckedPrompt = Type.Object(
  {
    errors: Type.Array(TextFault, { description: 'What stands in the way of publishing it' }),
    warnings: Type.Array(TextFault, { description: 'Variables that nothing known gives' }),
    variables: Type.Array(Type.String(), {
      description: 'Paths of the variables that it reads; those of images begin with image:',
    }),
  },
  { title: 'CheckedPrompt' },
);

export const PromptScope = Type.Object(
  { variables: Type.Record(Type.String(), Type.Unknown()) },
  { title: 'PromptScope' },
);

export const StoredImage = Type.Object(Ref.properties, { title: 'StoredImage' });

const Money = Type.Object({ amount: Type.Number(), currency: Type.String() });
export const LedgerCall = Type.Object(
  {
    id: Type.String(),
    state: Type.String({ description: 'pending, done, ambiguous (nobody saw its end), released' }),
    run: Nullable(Type.String()),
    workflow: Nullable(Type.String()),
    block: Type.String(),
    key: Type.String(),
    sample: Type.Integer(),
    step: Type.String(),
    kind: Type.String({ description: 'model or speech' }),
    prompt: Nullable(Type.String({ description: 'With its version' })),
    voice: Nullable(Type.String({ description: 'Of speech' })),
    provider: Nullable(Type.String()),
    model: Nullable(Type.String()),
    units: Nullable(Type.Record(Type.String(), Type.Number())),
    cost: Nullable(Money),
    requestId: Nullable(Type.String({ description: "The vendor's name for the call" })),
    interruptedCalls: Type.Array(Type.String(), {
      description: 'Our names, which the vendor was told, of calls whose end nobody saw',
    }),
    interruptedAt: Nullable(Type.String({ format: 'date-time' })),
    startedAt: Type.String({ format: 'date-time' }),
    doneAt: Nullable(Type.String({ format: 'date-time' })),
  },
  { title: 'LedgerCall' },
);
const Name = { id: Type.String(), owner: Type.String({ description: 'Of the call that holds it' }) };
export const ClaimedRows = Type.Object(
  {
    leaseMs: Type.Integer({ description: 'A claim that is not renewed for so long runs out' }),
    rows: Type.Array(
      Type.Object(
        {
          ...Name,
          state: Type.String({ description: 'pending, done, ambiguous, released' }),
          value: Type.Unknown(),
          usage: Nullable(Usage),
          interrupted: Type.Integer({ description: 'Calls whose end nobody saw' }),
          calls: Type.Array(Type.String(), { description: 'Their owners' }),
          task: Nullable(Type.String({ description: 'For which it was asked first' })),
        },
        { title: 'ClaimedEffect' },
      ),
      { description: 'In the order asked' },
    ),
  },
  { title: 'ClaimedEffects' },
);
export const Renewed = Type.Object({ leaseMs: Type.Integer() }, { title: 'RenewedClaims' });
export const StoredAnswers = Type.Object(
  { stored: Type.Array(Type.Boolean(), { description: 'In the order asked' }) },
  { title: 'StoredAnswers' },
);
export const CountingAnswer = Type.Object(
  { value: Type.Unknown({ description: 'Of the call that was answered first' }) },
  { title: 'CountingAnswer' },
);
export const LostClaimAnswer = Type.Object(
  {
    interrupted: Type.Integer(),
    held: Type.Boolean({ description: 'A person decides whether it is made again' }),
  },
  { title: 'EndedClaim' },
);
export const LeaseAnswer = Type.Object(
  { room: Type.Boolean({ description: 'false: calls that are out may leave some, ask again' }) },
  { title: 'BudgetLease' },
);

export const SettledLease = Type.Object({ call: Type.String() }, { title: 'SettledLease' });

const Sum = {
  calls: Type.Integer({ description: 'Answered and paid for' }),
  cost: Type.Number({ description: 'In US dollars, of the calls whose price is known' }),
  unpriced: Type.Integer({ description: 'Calls whose price nobody knows: not in cost' }),
  inputTokens: Type.Number(),
  cachedInputTokens: Type.Number(),
  outputTokens: Type.Number(),
  reasoningTokens: Type.Number(),
  characters: Type.Number({ description: 'Of speech, as the vendor bills them' }),
  replays: Type.Integer({ description: 'Answers that were used again instead of being paid for' }),
  saved: Type.Number({ description: 'What those would have cost' }),
  ambiguous: Type.Integer({ description: 'Calls whose end nobody saw' }),
};
export const LedgerSums = Type.Object(
  {
    currency: Type.String(),
    total: Type.Object(
      { ...Sum, lastAt: Nullable(Type.String({ format: 'date-time' })) },
      { description: 'Of all groups, on every page' },
    ),
    groups: Type.Array(
      Type.Object(
        {
          name: Nullable(Type.String({ description: 'Of the run, the block, the voice …; null: none' })),
          ...Sum,
          lastAt: Type.String({ format: 'date-time' }),
        },
        { title: 'LedgerSum' },
      ),
    ),
    next: Type.Optional(Type.String()),
  },
  { title: 'LedgerSums' },
);
export const LedgerCalls = Type.Object({ calls: Type.Array(LedgerCall), next: Type.Optional(Type.String()) });

export const RunEstimate = Type.Object(
  {
    currency: Type.String(),
    blocks: Type.Array(
      Type.Object({
        block: Type.String(),
        basis: Type.String({
          description: 'past-runs; tokens: of its prompts as they are written, for one payload; unknown',
        }),
        runs: Type.Integer(),
        calls: Nullable(Type.Number()),
        cost: Nullable(Type.Object({ mean: Type.Number(), highest: Type.Number() })),
        tokens: Nullable(Type.Number()),
      }),
    ),
    total: Type.Object({
      mean: Type.Number(),
      highest: Type.Number(),
      unknown: Type.Array(Type.String(), { description: 'Blocks whose cost nobody knows' }),
    }),
    budgets: Type.Array(
      Type.Object({
        budget: Type.String(),
        per: Type.String({ description: 'run, workflow or day' }),
        amount: Nullable(Type.Number({ description: 'US dollars that are left' })),
        tokens: Nullable(Type.Number({ description: 'That are left' })),
      }),
      { description: 'What budgets leave a run that starts now' },
    ),
  },
  { title: 'RunEstimate' },
);
