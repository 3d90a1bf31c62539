import { BlockFailure } from '@duofactory/block-kit';
import type { Ref } from '@duofactory/contracts';
import { ObjectCorrupt, ObjectMissing, type ObjectStore } from '@duofactory/objects';
import OpenAI from 'openai';
import {
  LanguageModel,
  type ModelAnswer,
  type ModelCall,
  type ModelHints,
  type ModelRequest,
  type TokenCounts,
} from '../../app/language-model.js';
import { countedTokens } from './counted-tokens.js';
import { fetchAsTold } from './fetch-as-told.js';
import { failureInside, failureOf } from './openai-failure.js';
import { createHash } from 'node:crypto';
import { priceOf, type TokenPrices } from './prices.js';
import { isStrict } from './strict-schema.js';

export interface OpenAiOptions {
  readonly apiKey: string;
  /** Of OpenAI, or of a server that speaks like it. */
  readonly baseUrl: string;
  readonly api: 'responses' | 'chat';
  readonly modelName: string;
  /** Where images of prompts are. */
  readonly objects: ObjectStore;
  /** By model; where none is given, the published ones. */
  readonly prices: Readonly<Record<string, TokenPrices>>;
  /** The end of waiting for a call and for all that it says. Default: 15 minutes. */
  readonly patienceMs?: number;
}

interface RequestOptions {
  readonly signal: AbortSignal;
  readonly headers: Record<string, string>;
}

interface Sending {
  readonly options: RequestOptions;
  readonly onText?: (text: string) => void;
}

interface SentMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly text: string;
  /** As data URLs. */
  readonly images: readonly string[];
}

/** The longest that a call may take; the block's time-out mostly comes first. */
const PATIENCE_MS = 15 * 60_000;

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
    this.#client = new OpenAI({
      ...{ apiKey, baseURL: baseUrl, fetch: fetchAsTold },
      ...{ maxRetries: 0, timeout: PATIENCE_MS },
    });
  }

  priceOf(model: string, tokens: TokenCounts): number | null {
    const { baseUrl, prices: own } = this.options;
    return priceOf(tokens, { model, baseUrl, own });
  }

  async generate(
    request: ModelRequest,
    _hints: ModelHints,
    { id, signal, onText }: ModelCall,
  ): Promise<ModelAnswer> {
    signal.throwIfAborted();
    // Before anything is sent: what fails here is no call whose end nobody saw.
    const messages = await this.#withImages(request.messages);
    // The client's own time-out ends with the headers.
    const patience = AbortSignal.timeout(this.options.patienceMs ?? PATIENCE_MS);
    const sending = {
      options: {
        signal: AbortSignal.any([signal, patience]),
        // Kept by the vendor: a call whose answer never came is found there by our name for it.
        headers: { 'X-Client-Request-Id': id },
      },
      ...(onText === undefined ? {} : { onText }),
    };
    try {
      return await (this.options.api === 'chat'
        ? this.#chat(request, messages, sending)
        : this.#respond(request, messages, sending));
    } catch (error) {
      throw failureOf(error, request.model.name);
    }
  }

  preview(request: ModelRequest): object {
    const messages = request.messages.map(({ images = [], ...message }) => ({
      ...message,
      images: images.map(({ mediaType, sizeBytes }) => `data:${mediaType};base64,… (${sizeBytes} bytes)`),
    }));
    return this.options.api === 'chat'
      ? { path: '/chat/completions', body: chatBody(request, messages) }
      : { path: '/responses', body: responsesBody(request, messages) };
  }

  async #respond(
    request: ModelRequest,
    messages: readonly SentMessage[],
    { options, onText }: Sending,
  ): Promise<ModelAnswer> {
    const body = responsesBody(request, messages);
    const { response, requestId } =
      onText === undefined
        ? await this.#client.responses
            .create(body, options)
            .then((whole) => ({ response: whole, requestId: whole._request_id }))
        : await this.#streamedResponse(body, options, onText);
    refuseError(response, requestId);
    const { usage, incomplete_details: incomplete } = response;
    const tokens = countedTokens({
      ...{ input: usage?.input_tokens, output: usage?.output_tokens },
      cached: usage?.input_tokens_details?.cached_tokens,
      reasoning: usage?.output_tokens_details?.reasoning_tokens,
    });
    const of = {
      asked: request.model.name,
      ...{ model: response.model, requestId, tokens, tier: response.service_tier },
    };
    if (response.status === 'failed') {
      const failure = failedResponse(response, requestId);
      // What was read and written until it failed is on the bill.
      if (!tokens || tokens.inputTokens + tokens.outputTokens === 0) throw failure;
      return this.#answer({ ...of, text: '', failure });
    }
    // A server that only imitates may answer a call that it did not understand, or before it is done.
    if (!ENDED.has(response.status ?? 'completed'))
      throw strangeAnswer(`its status is "${response.status}", which is no end`, requestId);
    if (!Array.isArray(response.output)) throw strangeAnswer('"output" is no list', requestId);
    const content = response.output.flatMap((item) => (item.type === 'message' ? item.content : []));
    return this.#answer({
      ...of,
      text: content.map((part) => (part.type === 'output_text' ? textIn(part.text, requestId) : '')).join(''),
      refusal: content.find((part) => part.type === 'refusal')?.refusal,
      stopped: response.status === 'incomplete' ? (incomplete?.reason ?? 'unknown') : undefined,
    });
  }

  async #streamedResponse(
    body: ReturnType<typeof responsesBody>,
    options: RequestOptions,
    onText: (text: string) => void,
  ): Promise<{ response: OpenAI.Responses.Response; requestId: string | null }> {
    const {
      data,
      response: answer,
      request_id: requestId,
    } = await this.#client.responses.create({ ...body, stream: true }, options).withResponse();
    if (isWhole(answer)) {
      const response = (await answer.json()) as OpenAI.Responses.Response;
      return { response, requestId };
    }
    for await (const event of data) {
      if (event.type === 'response.output_text.delta') onText(textIn(event.delta, requestId));
      if (
        event.type === 'response.completed' ||
        event.type === 'response.incomplete' ||
        event.type === 'response.failed'
      )
        return { response: event.response, requestId };
    }
    throw cutStream();
  }

  async #chat(
    request: ModelRequest,
    messages: readonly SentMessage[],
    { options, onText }: Sending,
  ): Promise<ModelAnswer> {
    const body = chatBody(request, messages);
    const { text, refusal, reason, usage, ...of } =
      onText === undefined
        ? await this.#client.chat.completions
            .create(body, options)
            .then((whole) => wholeChat(whole, whole._request_id))
        : await this.#streamedChat(body, options, onText);
    if (reason === undefined) throw strangeAnswer('there are no "choices"', of.requestId);
    return this.#answer({
      ...of,
      asked: request.model.name,
      text: textIn(text ?? '', of.requestId),
      // Servers that only imitate say with no words that nothing is refused.
      refusal: refusal || undefined,
      stopped:
        reason === 'length'
          ? 'max_output_tokens'
          : reason === 'content_filter'
            ? 'content_filter'
            : undefined,
      tokens: countedTokens({
        ...{ input: usage?.prompt_tokens, output: usage?.completion_tokens },
        cached: usage?.prompt_tokens_details?.cached_tokens,
        reasoning: usage?.completion_tokens_details?.reasoning_tokens,
      }),
    });
  }

  async #streamedChat(
    body: ReturnType<typeof chatBody>,
    options: RequestOptions,
    onText: (text: string) => void,
  ) {
    const {
      data,
      response: answer,
      request_id: requestId,
    } = await this.#client.chat.completions
      .create({ ...body, stream: true, stream_options: { include_usage: true } }, options)
      .withResponse();
    if (isWhole(answer)) return wholeChat((await answer.json()) as OpenAI.Chat.ChatCompletion, requestId);
    let text = '';
    let refusal: string | undefined;
    let last: OpenAI.Chat.ChatCompletionChunk | undefined;
    let reason: OpenAI.Chat.ChatCompletionChunk.Choice['finish_reason'] | undefined;
    let usage: OpenAI.CompletionUsage | null | undefined;
    try {
      for await (const chunk of data) {
        last = chunk;
        usage = chunk.usage ?? usage;
        // Servers that only imitate leave out what is empty, and say with no words that they go on.
        const choice = chunk.choices?.[0];
        const delta: OpenAI.Chat.ChatCompletionChunk.Choice.Delta | undefined = choice?.delta;
        reason = choice?.finish_reason || reason;
        if (delta?.refusal) refusal = (refusal ?? '') + delta.refusal;
        if (!delta?.content) continue;
        const said = textIn(delta.content, requestId);
        text += said;
        onText(said);
      }
    } catch (error) {
      // All was said and counted: what broke then is the end of the connection.
      if (!reason || !usage) throw error;
    }
    if (!last || !reason) throw cutStream();
    return { text, refusal, reason, usage, model: last.model, tier: last.service_tier, requestId };
  }

  async #withImages(messages: ModelRequest['messages']): Promise<SentMessage[]> {
    const sent: SentMessage[] = [];
    for (const { role, text, images = [] } of messages) {
      const urls: string[] = [];
      for (const image of images)
        urls.push(
          `data:${image.mediaType};base64,${Buffer.from(await this.#bytesOf(image)).toString('base64')}`,
        );
      sent.push({ role, text, images: urls });
    }
    return sent;
  }

  async #bytesOf(image: Ref): Promise<Uint8Array> {
    try {
      return await this.options.objects.get(image);
    } catch (error) {
      if (!(error instanceof ObjectMissing || error instanceof ObjectCorrupt)) throw error;
      throw new BlockFailure('image-missing', `The prompt's image cannot be shown: ${error.message}`, {
        cause: error,
      });
    }
  }

  #answer(of: {
    asked: string;
    /** As the vendor names what answered: often with a date. */
    model: unknown;
    text: string;
    refusal?: string | undefined;
    stopped?: string | undefined;
    /** The vendor's own word that it failed. */
    failure?: BlockFailure;
    requestId: string | null | undefined;
    tier: string | null | undefined;
    /** Servers that only speak like OpenAI may not count. */
    tokens: TokenCounts | undefined;
  }): ModelAnswer {
    const { asked, text, tokens, requestId, tier } = of;
    const { baseUrl, prices: own } = this.options;
    const model = isModelName(of.model) ? of.model : asked;
    const fault = faultOf(of);
    const amount = tokens ? priceOf(tokens, { model, asked, baseUrl, own, tier }) : null;
    return {
      text,
      ...(fault ? { fault } : {}),
      ...(requestId ? { requestId } : {}),
      usage: {
        kind: 'model',
        provider: this.provider,
        model,
        units: { ...tokens },
        cost: amount === null ? null : { amount, currency: 'USD' },
      },
    };
  }
}

/** A server that only imitates may not know how to stream: it answers all at once. */
function isWhole({ headers }: Response): boolean {
  return headers.get('content-type')?.includes('application/json') === true;
}

function wholeChat(whole: OpenAI.Chat.ChatCompletion, requestId: string | null | undefined) {
  refuseError(whole, requestId);
  const { choices, usage, model, service_tier: tier } = whole;
  const choice = choices?.[0];
  return {
    requestId,
    ...{ text: choice?.message?.content, refusal: choice?.message?.refusal },
    ...{ reason: choice?.finish_reason, usage, model, tier },
  };
}

function responsesBody({ schema, model }: ModelRequest, messages: readonly SentMessage[]) {
  for (const setting of ['stop', 'seed'] as const) {
    if (model[setting] === undefined) continue;
    throw new BlockFailure(
      'unsupported-setting',
      `The Responses API knows no \`${setting}\`: take it out of the prompt, or set DUOFACTORY_OPENAI_API=chat`,
    );
  }
  return {
    model: model.name,
    input: messages.map(({ role, text, images }): OpenAI.Responses.EasyInputMessage => ({
      role,
      content:
        images.length === 0
          ? text
          : [
              { type: 'input_text', text },
              ...images.map((url) => ({
                type: 'input_image' as const,
                image_url: url,
                detail: 'auto' as const,
              })),
            ],
    })),
    // What a prompt says is kept here, not there.
    store: false,
    ...given('temperature', model.temperature),
    ...given('top_p', model.topP),
    ...given('max_output_tokens', model.maxOutputTokens),
    ...(model.reasoningEffort ? { reasoning: { effort: model.reasoningEffort } } : {}),
    ...(schema
      ? {
          text: {
            format: { type: 'json_schema' as const, name: 'answer', schema, strict: isStrict(schema) },
          },
        }
      : {}),
  };
}

function chatBody({ schema, model }: ModelRequest, messages: readonly SentMessage[]) {
  return {
    model: model.name,
    messages: messages.map(({ role, text, images }) =>
      images.length === 0
        ? { role, content: text }
        : {
            role: 'user' as const,
            content: [
              { type: 'text' as const, text },
              ...images.map((url) => ({ type: 'image_url' as const, image_url: { url } })),
            ],
          },
    ),
    ...given('temperature', model.temperature),
    ...given('top_p', model.topP),
    ...given('max_completion_tokens', model.maxOutputTokens),
    ...given('reasoning_effort', model.reasoningEffort),
    ...given('seed', model.seed),
    ...given('stop', model.stop),
    ...(schema
      ? {
          response_format: {
            type: 'json_schema' as const,
            json_schema: { name: 'answer', schema, strict: isStrict(schema) },
          },
        }
      : {}),
  };
}

/** The vendor answered that it could not. */
function failedResponse({ error }: OpenAI.Responses.Response, requestId?: string | null): BlockFailure {
  const at = requestId ? ` (request ${requestId})` : '';
  return failureInside(error?.code, `${error?.message ?? 'The vendor gives no reason'}${at}`);
}

/** Some gateways answer that all is well, by an object that says what is not. Throws BlockFailure. */
function refuseError(
  told: OpenAI.Responses.Response | OpenAI.Chat.ChatCompletion,
  requestId: string | null | undefined,
): void {
  const { error, status, choices } = told as {
    error?: { code?: string | number; type?: string; message?: string } | null;
    status?: unknown;
    choices?: unknown;
  };
  if (!error || status !== undefined || choices) return;
  const at = requestId ? ` (request ${requestId})` : '';
  throw failureInside(error.code ?? error.type, `${error.message ?? 'The vendor gives no reason'}${at}`);
}

/** Statuses of an answer that is there, be it cut. */
const ENDED = new Set<string>(['completed', 'incomplete']);

function textIn(said: unknown, requestId?: string | null): string {
  if (typeof said === 'string') return said;
  throw strangeAnswer('what the model says is no text', requestId);
}

const LONGEST_MODEL_NAME = 200;

/** The ledger can keep it, and people can read it. */
const isModelName = (name: unknown): name is string =>
  typeof name === 'string' && name !== '' && name.length <= LONGEST_MODEL_NAME && !/\p{Cc}/u.test(name);

/** It is paid for, and nobody can say what it says. */
function strangeAnswer(what: string, requestId?: string | null): BlockFailure {
  const at = requestId ? ` (request ${requestId})` : '';
  return new BlockFailure(
    'unreadable-answer',
    `The model's server answered in a shape of its own: ${what}${at}. Does it know this interface? See DUOFACTORY_OPENAI_API`,
    { retryable: true, ambiguous: true },
  );
}

function cutStream(): BlockFailure {
  return new BlockFailure('model-away', 'The connection broke in the middle of the answer', {
    ...{ retryable: true, ambiguous: true },
  });
}

/** An answer that is paid for and no use. */
function faultOf(of: {
  refusal?: string | undefined;
  stopped?: string | undefined;
  failure?: BlockFailure;
  text: string;
}): ModelAnswer['fault'] {
  if (of.failure) {
    const { code, message, retryable } = of.failure;
    return { code, message, retryable };
  }
  if (of.refusal !== undefined) return { code: 'refusal', message: `The model refuses: ${of.refusal}` };
  if (of.stopped === 'content_filter')
    return { code: 'content-filter', message: "The vendor's filter stopped the answer" };
  if (of.stopped === 'max_output_tokens')
    return { code: 'output-cut', message: 'The answer was cut: raise maxOutputTokens of the prompt' };
  if (of.stopped !== undefined)
    return { code: 'output-cut', message: `The answer is not whole: ${of.stopped}` };
  return of.text.trim() === ''
    ? { code: 'empty-answer', message: 'The model says nothing', retryable: true }
    : undefined;
}

function given<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}
