import type { BlockToEstimate } from './estimate-query.js';

interface Priced {
  readonly id: string;
  readonly type: string;
  readonly times?: number;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Those that may ask models, with what is known of what they ask. */
export function blocksToEstimate(blocks: readonly Priced[]): readonly BlockToEstimate[] {
  return blocks
    .filter(({ type }) => type === 'prompt' || type === 'evaluate')
    .map(({ id: block, times, with: configuration }) => ({
      block,
      ...(times === undefined ? {} : { times }),
      ...(typeof configuration?.['prompt'] === 'string' ? { prompt: configuration['prompt'] } : {}),
      ...(isNames(configuration?.['evaluators']) ? { evaluators: configuration['evaluators'] } : {}),
    }));
}

/** What a template names is known only in the run. */
const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string' && !one.includes('{{'));
