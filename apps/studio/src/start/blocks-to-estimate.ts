import type { BlockToEstimate } from '../api/queries.js';

interface Priced {
  readonly id: string;
  readonly type: string;
  readonly times?: number;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Those that ask models, with what is known of what they ask. */
export function blocksToEstimate(blocks: readonly Priced[]): readonly BlockToEstimate[] {
  return blocks
    .filter(({ type }) => type === 'prompt' || type === 'evaluate')
    .map(({ id: block, times, with: configuration }) => ({
      block,
      ...(times === undefined ? {} : { times }),
      ...(typeof configuration?.['prompt'] === 'string' ? { prompt: configuration['prompt'] } : {}),
    }));
}
