import { calcPrice } from '@pydantic/genai-prices';

/** US dollars for a million tokens. */
export interface TokenPrices {
  readonly input: number;
  readonly cachedInput?: number;
  readonly output: number;
}

export interface TokenCounts {
  readonly inputTokens: number;
  /** Part of the input tokens. */
  readonly cachedInputTokens: number;
  /** Those of the reasoning among them. */
  readonly outputTokens: number;
}

const MILLION = 1_000_000;

/** What tokens cost. null: nobody knows, which is not nothing. */
export function priceOf(
  { inputTokens, cachedInputTokens, outputTokens }: TokenCounts,
  of: { model: string; baseUrl: string; own: Readonly<Record<string, TokenPrices>> },
): { amount: number; currency: string } | null {
  const own = Object.hasOwn(of.own, of.model) ? of.own[of.model] : undefined;
  if (own) {
    const { input, cachedInput = input, output } = own;
    const fresh = inputTokens - cachedInputTokens;
    return {
      amount: (fresh * input + cachedInputTokens * cachedInput + outputTokens * output) / MILLION,
      currency: 'USD',
    };
  }
  const usage = {
    input_tokens: inputTokens,
    cache_read_tokens: cachedInputTokens,
    output_tokens: outputTokens,
  };
  // By the address: another vendor's model of the same name has its own price, or none that is known.
  const price = calcPrice(usage, of.model, { providerApiUrl: of.baseUrl });
  return price && { amount: price.total_price, currency: 'USD' };
}
