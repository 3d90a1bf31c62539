import { BlockFailure, type RateLimiter } from '@duofactory/block-kit';
import type { Clock, Metrics } from '@duofactory/platform';
import type { Budgets } from './budgets.js';
import { inputTokensOf, OUTPUT_TOKENS } from './estimate-call.js';
import {
  LanguageModel,
  RateLimited,
  type CallPurpose,
  type ModelAnswer,
  type ModelCall,
  type ModelHints,
  type ModelRequest,
  type TokenCounts,
} from './language-model.js';

/** How much of what answers are taken for comes from the last one. */
const LAST_ANSWER = 0.2;

const NEVER = new AbortController().signal;

/** A model behind its limits: whose turn it is, what may be spent; and what its calls come to, counted. */
export class GuardedModel extends LanguageModel {
  readonly provider: string;
  readonly defaultName: string;
  readonly keyHash: string;
  /** How many tokens answers had of late, by model and prompt. */
  readonly #outputs = new Map<string, number>();
  readonly #count: ReturnType<typeof modelMetrics>;

  constructor(
    private readonly model: LanguageModel,
    private readonly limits: { readonly budgets: Budgets; readonly limiter: RateLimiter },
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    super();
    this.provider = model.provider;
    this.defaultName = model.defaultName;
    this.keyHash = model.keyHash;
    this.#count = modelMetrics(metrics);
  }

  priceOf(model: string, tokens: TokenCounts): number | null {
    return this.model.priceOf(model, tokens);
  }

  preview(request: ModelRequest): object {
    return this.model.preview(request);
  }

  async generate(request: ModelRequest, hints: ModelHints, call: ModelCall): Promise<ModelAnswer> {
    const { name } = request.model;
    const expected = this.#expected(request, call);
    const tokens = expected.inputTokens + expected.outputTokens;
    const key = { provider: this.provider, model: name, keyHash: this.keyHash };
    const began = this.clock.now().getTime();
    const { settle } = await call.untimed(async () => {
      await this.limits.limiter.turn(
        key,
        { call: call.id, party: partyOf(call.purpose), tokens },
        call.signal,
      );
      return this.limits.budgets.lease(call, { model: name, tokens, amount: this.priceOf(name, expected) });
    });
    const waited = this.clock.now().getTime();
    this.#count.waited.observe({ model: name }, (waited - began) / 1000);
    // What is sent is paid for: it is heard to its end, and whoever asks again, a later attempt above all, gets its answer.
    const sent = { ...call, signal: NEVER };
    const answer = await this.model.generate(request, hints, sent).catch(async (error: unknown) => {
      const code = error instanceof BlockFailure ? error.code : 'internal-error';
      this.#count.calls.inc({ model: name, outcome: code });
      // Whose end nobody saw may have been paid for: the budget takes it for that.
      const lost = error instanceof BlockFailure && error.ambiguous;
      const cost = lost ? { amount: this.priceOf(name, expected), tokens } : { amount: null, tokens: 0 };
      await settle(cost).catch(() => undefined);
      if (error instanceof RateLimited) await this.limits.limiter.refused(key, error).catch(() => undefined);
      throw error;
    });
    const seconds = (this.clock.now().getTime() - waited) / 1000;
    // Nothing else happens here: the answer is paid for, and has to be stored.
    const count = async (): Promise<void> => {
      const { inputTokens, outputTokens } = answer.usage.units;
      if (outputTokens !== undefined) this.#learn(`${name} ${call.subject}`, outputTokens);
      // What nobody counted, or knows the price of, is not nothing: what was expected is nearer.
      const actual =
        inputTokens === undefined || outputTokens === undefined ? tokens : inputTokens + outputTokens;
      const amount = answer.usage.cost?.amount ?? this.priceOf(name, expected);
      try {
        await settle({ amount, tokens: actual });
        await this.limits.limiter.used(key, { expected: tokens, actual });
      } finally {
        this.#measure(answer, { name, seconds });
      }
    };
    return { ...answer, count };
  }

  /** Before anything is known of the answer: at most what the prompt allows, else what its answers had of late. */
  #expected(request: ModelRequest, { subject }: ModelCall): TokenCounts {
    const { model } = request;
    const usual = this.#outputs.get(`${model.name} ${subject}`);
    return {
      inputTokens: inputTokensOf(request),
      cachedInputTokens: 0,
      outputTokens: Math.ceil(Math.min(usual ?? OUTPUT_TOKENS, model.maxOutputTokens ?? Infinity)),
      reasoningTokens: 0,
    };
  }

  /** What answers of a prompt come to, the last ones above all. */
  #learn(subject: string, outputTokens: number): void {
    const usual = this.#outputs.get(subject) ?? outputTokens;
    this.#outputs.set(subject, usual + LAST_ANSWER * (outputTokens - usual));
  }

  #measure({ fault, usage }: ModelAnswer, { name, seconds }: { name: string; seconds: number }): void {
    const { units, cost, model } = usage;
    const { inputTokens = 0, outputTokens = 0, cachedInputTokens = 0 } = units;
    this.#count.seconds.observe({ model: name }, seconds);
    this.#count.calls.inc({ model: name, outcome: fault?.code ?? 'answered' });
    this.#count.tokens.inc({ model, kind: 'input' }, inputTokens - cachedInputTokens);
    this.#count.tokens.inc({ model, kind: 'cached' }, cachedInputTokens);
    this.#count.tokens.inc({ model, kind: 'output' }, outputTokens);
    if (cost === null) this.#count.unpriced.inc({ model });
    else this.#count.cost.inc({ model }, cost.amount);
  }
}

/** Turns go around among runs, and people who try prompts. */
function partyOf({ run, user = 'local' }: CallPurpose): string {
  return run === undefined ? `user ${user}` : `run ${run}`;
}

function modelMetrics(metrics: Metrics) {
  return {
    calls: metrics.counter({
      name: 'duofactory_model_calls_total',
      help: 'Calls of models that ended, by outcome',
      labels: ['model', 'outcome'],
    }),
    seconds: metrics.histogram({
      name: 'duofactory_model_call_seconds',
      help: 'How long models took to answer',
      labels: ['model'],
      buckets: [0.25, 1, 2.5, 5, 10, 20, 40, 80, 160],
    }),
    waited: metrics.histogram({
      name: 'duofactory_model_wait_seconds',
      help: 'How long calls waited for their turn and for room in budgets',
      labels: ['model'],
      buckets: [0.01, 0.1, 1, 5, 15, 60, 300],
    }),
    tokens: metrics.counter({
      name: 'duofactory_model_tokens_total',
      help: 'Tokens that were paid for: input, cached (input that the vendor had), output',
      labels: ['model', 'kind'],
    }),
    cost: metrics.counter({
      name: 'duofactory_model_cost_dollars_total',
      help: 'What calls cost whose price is known, in US dollars',
      labels: ['model'],
    }),
    unpriced: metrics.counter({
      name: 'duofactory_model_unpriced_calls_total',
      help: 'Calls that cost nobody knows what',
      labels: ['model'],
    }),
  };
}
