import { sumIfKnown } from '@duofactory/contracts';
import type { LanguageModel, ModelRequest } from './language-model.js';

/** Of a text in most languages that models speak; more for those that they know less. */
const CHARACTERS_A_TOKEN = 3;
/** Where the prompt does not limit it. */
export const OUTPUT_TOKENS = 1_000;

export interface CallEstimate {
  readonly inputTokens: number;
  /** At most. */
  readonly outputTokens: number;
  /** In US dollars; null: the price is unknown. */
  readonly cost: number | null;
}

/** What a call will take, from the length of its texts and the most that it may answer. Images are not in it. */
export function estimateCall(
  model: LanguageModel,
  { messages, schema, model: { name, maxOutputTokens } }: Pick<ModelRequest, 'messages' | 'schema' | 'model'>,
): CallEstimate {
  const counts = {
    inputTokens: inputTokensOf({ messages, ...(schema && { schema }) }),
    ...{ cachedInputTokens: 0, reasoningTokens: 0 },
    outputTokens: maxOutputTokens ?? OUTPUT_TOKENS,
  };
  const { inputTokens, outputTokens } = counts;
  return { inputTokens, outputTokens, cost: model.priceOf(name, counts) };
}

/** What the texts of a request come to, with its schema, before anybody has counted. */
export function inputTokensOf({ messages, schema }: Pick<ModelRequest, 'messages' | 'schema'>): number {
  const characters = messages.reduce((sum, { text }) => sum + text.length, 0);
  return Math.ceil((characters + (schema ? JSON.stringify(schema).length : 0)) / CHARACTERS_A_TOKEN);
}

/** Several together. A part without a price leaves the whole without one. */
export function sumOfEstimates(estimates: readonly CallEstimate[], times: number): CallEstimate {
  const tokens = (name: 'inputTokens' | 'outputTokens'): number =>
    times * estimates.reduce((sum, one) => sum + one[name], 0);
  const cost = sumIfKnown(estimates.map((one) => one.cost));
  return {
    inputTokens: tokens('inputTokens'),
    outputTokens: tokens('outputTokens'),
    cost: cost === null ? null : cost * times,
  };
}
