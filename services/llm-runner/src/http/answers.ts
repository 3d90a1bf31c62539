import { Ref, Usage } from '@duofactory/contracts';
import { Type } from 'typebox';

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
