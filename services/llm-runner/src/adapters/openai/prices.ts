import { calcPrice } from '@pydantic/genai-prices';
import type { TokenCounts } from '../../app/language-model.js';

/** US dollars for a million tokens. */
export interface TokenPrices {
  readonly input: number;
  readonly cachedInput?: number;
  readonly output: number;
  /** Default: as other output. */
  readonly reasoning?: number;
  /** Part of these prices that is paid for batches and what waits like them. Default 0.5, the vendor's own. */
  readonly batch?: number;
}

const MILLION = 1_000_000;
const BATCH = 0.5;
/** Tiers of service that the vendor prices like batches. */
const BATCHED = new Set(['batch', 'flex']);
/** Those that the prices are for. Others, such as `priority`, have prices of their own that no list tells. */
const USUAL = new Set(['default', 'auto', 'standard']);

/** What tokens cost. null: nobody knows, which is not nothing. */
export function priceOf(
  { inputTokens, cachedInputTokens, outputTokens, reasoningTokens }: TokenCounts,
  of: {
    model: string;
    /** What it was asked as, where the vendor names what answered otherwise: prices are set by the name that prompts use. */
    asked?: string;
    baseUrl: string;
    own: Readonly<Record<string, TokenPrices>>;
    /** As the vendor names it with its answer. */
    tier?: string | null | undefined;
  },
): number | null {
  const batched = BATCHED.has(of.tier ?? '');
  if (of.tier && !batched && !USUAL.has(of.tier)) return null;
  const name = [of.model, of.asked ?? of.model].find((one) => Object.hasOwn(of.own, one));
  const own = name === undefined ? undefined : of.own[name];
  if (own) {
    const { input, cachedInput = input, output, reasoning = output, batch = BATCH } = own;
    const fresh = inputTokens - cachedInputTokens;
    const said = outputTokens - reasoningTokens;
    const sum = fresh * input + cachedInputTokens * cachedInput + said * output + reasoningTokens * reasoning;
    return (sum * (batched ? batch : 1)) / MILLION;
  }
  const usage = {
    input_tokens: inputTokens,
    cache_read_tokens: cachedInputTokens,
    output_tokens: outputTokens,
  };
  // By the address: another vendor's model of the same name has its own price, or none that is known.
  const price = calcPrice(usage, of.model, { providerApiUrl: of.baseUrl });
  return price && price.total_price * (batched ? BATCH : 1);
}
