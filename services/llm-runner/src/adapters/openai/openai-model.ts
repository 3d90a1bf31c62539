import { BlockFailure } from '@duofactory/block-kit';
import OpenAI from 'openai';
import {
  LanguageModel,
  type ModelAnswer,
  type ModelCall,
  type ModelHints,
  type ModelRequest,
  type TokenCounts,
} from '../../app/language-model.js';
import { failureOf } from './openai-failure.js';
import { createHash } from 'node:crypto';
import { priceOf, type TokenPrices } from './prices.js';
import { isStrict } from './strict-schema.js';

export interface OpenAiOptions {
  readonly apiKey: string;
  /** Of OpenAI, or of a server that speaks like it. */
  readonly baseUrl: string;
  readonly api: 'responses' | 'chat';
  readonly modelName: string;
  /** By model; where none is given, the published ones. */
  readonly prices: Readonly<Record<string, TokenPrices>>;
}

interface RequestOptions {
  readonly signal: AbortSignal;
  readonly headers: Record<string, string>;
}

/** The longest that a call may take; the block's time-out mostly comes first. */
const TIMEOUT_MS = 15 * 60_000;

/** OpenAI's models, and those of servers that speak like it. Attempts belong to the orchestrator: the client makes one. */
export class OpenAiModel extends LanguageModel {
  readonly provider = 'openai';
  readonly defaultName: string;
  readonly keyHash: string;
  readonly #client: OpenAI;

  constructor(private readonly options: OpenAiOptions) {
    super();
    const { apiKey, baseUrl, modelName } = options;
    this.defaultName = modelName;
    this.keyHash = createHash('sha256').update(apiKey).digest('hex').slice(0, 12);
    this.#client = new OpenAI({ apiKey, baseURL: baseUrl, maxRetries: 0, timeout: TIMEOUT_MS });
  }

  priceOf(model: string, tokens: TokenCounts): number | null {
    const { baseUrl, prices: own } = this.options;
    return priceOf(tokens, { model, baseUrl, own });
  }

  async generate(request: ModelRequest, _hints: ModelHints, { id, signal }: ModelCall): Promise<ModelAnswer> {
    signal.throwIfAborted();
    // Kept by the vendor: a call whose answer never came is found there by our name for it.
    const options = { signal, headers: { 'X-Client-Request-Id': id } };
    try {
      return await (this.options.api === 'chat'
        ? this.#chat(request, options)
        : this.#respond(request, options));
    } catch (error) {
      throw failureOf(error, request.model.name);
    }
  }

  async #respond({ messages, schema, model }: ModelRequest, options: RequestOptions): Promise<ModelAnswer> {
    if (model.stop)
      throw new BlockFailure(
        'unsupported-setting',
        'The Responses API knows no `stop`: take it out of the prompt, or set DUOFACTORY_OPENAI_API=chat',
      );
    const response = await this.#client.responses.create(
      {
        model: model.name,
        input: messages.map(({ role, text }) => ({ role, content: text })),
        // What a prompt says is kept here, not there.
        store: false,
        ...given('temperature', model.temperature),
        ...given('top_p', model.topP),
        ...given('max_output_tokens', model.maxOutputTokens),
        ...(model.reasoningEffort ? { reasoning: { effort: model.reasoningEffort } } : {}),
        ...(schema
          ? { text: { format: { type: 'json_schema', name: 'answer', schema, strict: isStrict(schema) } } }
          : {}),
      },
      options,
    );
    const refusal = response.output
      .flatMap((item) => (item.type === 'message' ? item.content : []))
      .find((part) => part.type === 'refusal')?.refusal;
    const { usage, incomplete_details: incomplete } = response;
    return this.#answer({
      model: response.model,
      text: response.output_text,
      refusal,
      stopped: response.status === 'incomplete' ? (incomplete?.reason ?? 'unknown') : undefined,
      requestId: response._request_id,
      tokens: {
        inputTokens: usage?.input_tokens ?? 0,
        cachedInputTokens: usage?.input_tokens_details?.cached_tokens ?? 0,
        outputTokens: usage?.output_tokens ?? 0,
        reasoningTokens: usage?.output_tokens_details?.reasoning_tokens ?? 0,
      },
      counted: usage !== undefined,
      tier: response.service_tier,
    });
  }

  async #chat({ messages, schema, model }: ModelRequest, options: RequestOptions): Promise<ModelAnswer> {
    const completion = await this.#client.chat.completions.create(
      {
        model: model.name,
        messages: messages.map(({ role, text }) => ({ role, content: text })),
        ...given('temperature', model.temperature),
        ...given('top_p', model.topP),
        ...given('max_completion_tokens', model.maxOutputTokens),
        ...given('reasoning_effort', model.reasoningEffort),
        ...given('seed', model.seed),
        ...given('stop', model.stop),
        ...(schema
          ? {
              response_format: {
                type: 'json_schema',
                json_schema: { name: 'answer', schema, strict: isStrict(schema) },
              },
            }
          : {}),
      },
      options,
    );
    const choice = completion.choices[0];
    const reason = choice?.finish_reason;
    const { usage } = completion;
    return this.#answer({
      model: completion.model,
      text: choice?.message.content ?? '',
      refusal: choice?.message.refusal ?? undefined,
      stopped:
        reason === 'length'
          ? 'max_output_tokens'
          : reason === 'content_filter'
            ? 'content_filter'
            : undefined,
      requestId: completion._request_id,
      tier: completion.service_tier,
      tokens: {
        inputTokens: usage?.prompt_tokens ?? 0,
        cachedInputTokens: usage?.prompt_tokens_details?.cached_tokens ?? 0,
        outputTokens: usage?.completion_tokens ?? 0,
        reasoningTokens: usage?.completion_tokens_details?.reasoning_tokens ?? 0,
      },
      counted: usage !== undefined,
    });
  }

  #answer(of: {
    model: string;
    text: string;
    refusal: string | undefined;
    stopped: string | undefined;
    requestId: string | null | undefined;
    tier: string | null | undefined;
    tokens: TokenCounts;
    /** Servers that only speak like OpenAI may not count. */
    counted: boolean;
  }): ModelAnswer {
    const { model, text, tokens, requestId, counted, tier } = of;
    const { baseUrl, prices: own } = this.options;
    const fault = faultOf(of);
    const amount = counted ? priceOf(tokens, { model, baseUrl, own, tier }) : null;
    return {
      text,
      ...(fault ? { fault } : {}),
      ...(requestId ? { requestId } : {}),
      usage: {
        kind: 'model',
        provider: this.provider,
        model,
        units: counted ? { ...tokens } : {},
        cost: amount === null ? null : { amount, currency: 'USD' },
      },
    };
  }
}

/** An answer that is paid for and no use. */
function faultOf(of: { refusal: string | undefined; stopped: string | undefined }): ModelAnswer['fault'] {
  if (of.refusal !== undefined) return { code: 'refusal', message: `The model refuses: ${of.refusal}` };
  if (of.stopped === 'content_filter')
    return { code: 'content-filter', message: "The vendor's filter stopped the answer" };
  if (of.stopped === 'max_output_tokens')
    return { code: 'output-cut', message: 'The answer was cut: raise maxOutputTokens of the prompt' };
  return of.stopped === undefined
    ? undefined
    : { code: 'output-cut', message: `The answer is not whole: ${of.stopped}` };
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}
