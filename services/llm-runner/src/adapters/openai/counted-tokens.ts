import type { TokenCounts } from '../../app/language-model.js';

interface ToldCounts {
  readonly input: unknown;
  readonly output: unknown;
  /** Parts of them, which not every server tells. */
  readonly cached: unknown;
  readonly reasoning: unknown;
}

/** More than any model reads and writes in one call. */
const MOST_TOKENS = 100_000_000;

/**
 * The tokens that a vendor says it counted. undefined: it says none, or what cannot be: text, less than nothing, more
 * than there can be, a part that is more than the whole. What such a call costs nobody knows.
 */
export function countedTokens(told: ToldCounts): TokenCounts | undefined {
  const { input, output } = told;
  const [cached, reasoning] = [told.cached ?? 0, told.reasoning ?? 0];
  if (!isCount(input) || !isCount(output) || !isCount(cached) || !isCount(reasoning)) return undefined;
  if (cached > input || reasoning > output) return undefined;
  return {
    inputTokens: input,
    cachedInputTokens: cached,
    outputTokens: output,
    reasoningTokens: reasoning,
  };
}

const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_TOKENS;
