import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What goes wrong with one call. Only a call that is answered is paid for; `strange` is, by an object that says nothing, and `failed-halfway`, which the Responses API tells with what it used; `stalled` has no end; `not-streamed` answers at once and whole; `cut-end` breaks when all is said. */
export type OpenAiFault =
  | 'rate-limit'
  | 'rate-limit-short'
  | 'rate-limit-seconds'
  | 'no-quota-type'
  | 'gateway-timeout'
  | 'strange'
  | 'no-quota'
  | 'server-error'
  | 'cut'
  | 'cut-stream'
  | 'stalled'
  | 'failed-halfway'
  | 'not-streamed'
  | 'cut-end'
  | 'wrong-json'
  | 'refusal'
  | 'cut-answer'
  | 'filtered'
  | 'too-long'
  | 'unknown-model';

export interface OpenAiCall {
  readonly path: string;
  readonly body: Record<string, unknown>;
  /** The text of all messages. */
  readonly text: string;
  /** The caller's own name for the call. */
  readonly clientRequestId: string | undefined;
}

/** A refusal that a spec words itself. */
export interface OpenAiFailure {
  readonly status: number;
  readonly code: string | null;
  readonly type: string;
  readonly message: string;
  readonly headers?: Record<string, string>;
  /** Told by an event in a stream that has begun well; `status` is not told then. */
  readonly streamed?: boolean;
}

const FAILURES: Partial<Record<OpenAiFault, OpenAiFailure>> = {
  'rate-limit': {
    ...{ status: 429, code: 'rate_limit_exceeded', type: 'requests', message: 'Rate limit reached' },
    headers: { 'retry-after': '2', 'retry-after-ms': '1500' },
  },
  'rate-limit-short': {
    ...{ status: 429, code: 'rate_limit_exceeded', type: 'requests', message: 'Rate limit reached' },
    headers: { 'retry-after-ms': '50' },
  },
  'rate-limit-seconds': {
    ...{ status: 429, code: 'rate_limit_exceeded', type: 'requests', message: 'Rate limit reached' },
    headers: { 'retry-after': '2' },
  },
  'no-quota-type': {
    ...{ status: 429, code: null, type: 'insufficient_quota' },
    message: 'You exceeded your current quota',
  },
  // Of whoever stands before the vendor: the model may have answered since.
  'gateway-timeout': { status: 504, code: null, type: 'timeout', message: 'upstream request timeout' },
  'no-quota': {
    ...{ status: 429, code: 'insufficient_quota', type: 'insufficient_quota' },
    message: 'You exceeded your current quota',
  },
  'server-error': { status: 500, code: null, type: 'server_error', message: 'The server had an error' },
  'too-long': {
    ...{ status: 400, code: 'context_length_exceeded', type: 'invalid_request_error' },
    message: 'The input exceeds the context window',
  },
  'unknown-model': {
    ...{ status: 404, code: 'model_not_found', type: 'invalid_request_error' },
    message: 'The model does not exist',
  },
};

/** OpenAI's two interfaces for text on the wire, with its documented shapes, limits and errors. */
export class FakeOpenAi {
  readonly apiKey = `sk-fake-${randomUUID()}`;
  readonly calls: OpenAiCall[] = [];
  /** Calls that were answered, and so paid for. */
  paid = 0;
  /** Their names, as the caller gave them: what the vendor's log tells. */
  readonly answered = new Set<string>();
  /** What each further call meets; then `faultOf`. */
  readonly faults: (OpenAiFault | OpenAiFailure | undefined)[] = [];
  faultOf: (call: OpenAiCall) => OpenAiFault | OpenAiFailure | undefined = () => undefined;
  answer: (call: OpenAiCall) => string = ({ text }) => `You said: ${text}`;
  /** The whole answer as it goes out: a server that only imitates may tell it wrong. */
  tells: (answer: Record<string, unknown>) => Record<string, unknown> = (answer) => answer;
  /** How long it takes to answer. */
  delayMs = 0;
  /** It answers no call before. */
  until: Promise<unknown> = Promise.resolve();
  /** The model's name in answers; default: as it was asked. */
  answersAs: string | undefined;
  /** false: it tells no usage, as servers that only imitate may. */
  counts = true;
  /** Of its answers; null: it names none, as servers that only imitate may. */
  contentType: string | null | undefined;
  /** Only these paths are known. */
  paths = ['/v1/responses', '/v1/chat/completions'];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(): Promise<FakeOpenAi> {
    const fake = new FakeOpenAi();
    await once(fake.#server.listen(0, '127.0.0.1'), 'listening');
    return fake;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
    const path = request.url ?? '';
    const messages = (body['input'] ?? body['messages']) as { content: Content }[];
    const clientRequestId = request.headers['x-client-request-id'] as string | undefined;
    const call = {
      path,
      body,
      text: messages.map(({ content }) => textOf(content)).join('\n'),
      clientRequestId,
    };
    if (request.headers.authorization !== `Bearer ${this.apiKey}`)
      return fail(response, {
        ...{ status: 401, code: 'invalid_api_key', type: 'invalid_request_error' },
        message: `Incorrect API key provided: ${request.headers.authorization ?? ''}`,
      });
    if (!this.paths.includes(path))
      return fail(response, {
        status: 404,
        code: null,
        type: 'invalid_request_error',
        message: 'Unknown URL',
      });
    this.calls.push(call);
    const met = this.faults.length > 0 ? this.faults.shift() : this.faultOf(call);
    const [fault, worded] = typeof met === 'object' ? [undefined, met] : [met, undefined];
    if (fault === 'cut') return void response.destroy();
    if (fault === 'stalled') {
      const type = body['stream'] === true ? 'text/event-stream' : 'application/json';
      return void response.writeHead(200, { 'content-type': type }).write('\n');
    }
    const failure = worded ?? (fault && FAILURES[fault]);
    if (failure?.streamed) return failInStream(response, call, failure);
    if (failure) return fail(response, failure);
    if (this.delayMs > 0) await pause(this.delayMs);
    await this.until;
    this.paid += 1;
    this.answered.add(call.clientRequestId ?? '');
    if (fault === 'strange') return reply(response, 200, { ok: true });
    const text = fault === 'wrong-json' ? '{"half": ' : this.answer(call);
    const { usage, ...told } = (
      path.endsWith('/responses') ? responseOf(call, text, fault) : completionOf(call, text, fault)
    ) as { usage: object; model: unknown };
    const answer = this.tells({
      ...told,
      ...(this.answersAs === undefined ? {} : { model: this.answersAs }),
      ...(this.counts ? { usage } : {}),
    });
    if (body['stream'] === true && fault !== 'not-streamed')
      return stream(response, eventsOf(call, text, answer), { fault, headers: this.#headers });
    reply(response, 200, answer, this.#headers);
  }

  get #headers(): Record<string, string | null> {
    return this.contentType === undefined ? {} : { 'content-type': this.contentType };
  }
}

type Content = string | readonly { readonly type: string; readonly text?: string }[];

function textOf(content: Content): string {
  return typeof content === 'string' ? content : content.flatMap(({ text }) => text ?? []).join('\n');
}

/** What a stream tells, word by word, with the whole at its end. */
function eventsOf({ path }: OpenAiCall, text: string, answer: object): string[] {
  const words = text.split(/(?<=\s)/);
  if (path.endsWith('/responses')) {
    const { status } = answer as { status: string };
    const events = [
      ...words.map((delta) => ({ type: 'response.output_text.delta', delta })),
      { type: `response.${status}`, response: answer },
    ];
    return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  const { choices, usage, ...of } = answer as { choices: { finish_reason: string }[]; usage: object };
  const chunk = (delta: object, finish_reason: string | null) => ({
    ...{ ...of, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }], usage: null },
  });
  const chunks = [
    ...words.map((content) => chunk({ content }, null)),
    chunk({}, choices[0]!.finish_reason),
    { ...of, object: 'chat.completion.chunk', choices: [], usage },
  ];
  return [...chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`), 'data: [DONE]\n\n'];
}

function stream(
  response: ServerResponse,
  events: readonly string[],
  { fault, headers }: { fault: OpenAiFault | undefined; headers: Record<string, string | null> },
): void {
  begin(response, 200, { 'content-type': 'text/event-stream', ...headers });
  const cut = { 'cut-stream': Math.ceil(events.length / 2), 'cut-end': events.length - 1 }[fault as string];
  if (cut === undefined) return void response.end(events.join(''));
  response.write(events.slice(0, cut).join(''), () => response.destroy());
}

function responseOf({ body, text: input }: OpenAiCall, text: string, fault: OpenAiFault | undefined): object {
  const incomplete = { 'cut-answer': 'max_output_tokens', filtered: 'content_filter' }[fault as string];
  const content =
    fault === 'refusal'
      ? [{ type: 'refusal', refusal: 'I cannot help with that' }]
      : [{ type: 'output_text', text, annotations: [] }];
  const tokens = { input: wordsIn(input), output: wordsIn(text) };
  const failed = fault === 'failed-halfway';
  return {
    ...{ id: `resp_${randomUUID()}`, object: 'response', model: body['model'], created_at: 1_764_000_000 },
    status: failed ? 'failed' : incomplete ? 'incomplete' : 'completed',
    error: failed ? { code: 'server_error', message: 'The model stopped in the middle' } : null,
    incomplete_details: incomplete ? { reason: incomplete } : null,
    output: [{ type: 'message', id: `msg_${randomUUID()}`, role: 'assistant', status: 'completed', content }],
    usage: {
      input_tokens: tokens.input,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: tokens.output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: tokens.input + tokens.output,
    },
  };
}

function completionOf(
  { body, text: input }: OpenAiCall,
  text: string,
  fault: OpenAiFault | undefined,
): object {
  const reason = { 'cut-answer': 'length', filtered: 'content_filter' }[fault as string] ?? 'stop';
  const message =
    fault === 'refusal'
      ? { role: 'assistant', content: null, refusal: 'I cannot help with that' }
      : { role: 'assistant', content: text, refusal: null };
  const tokens = { input: wordsIn(input), output: wordsIn(text) };
  return {
    ...{
      id: `chatcmpl-${randomUUID()}`,
      object: 'chat.completion',
      model: body['model'],
      created: 1_764_000_000,
    },
    choices: [{ index: 0, message, finish_reason: reason, logprobs: null }],
    usage: {
      prompt_tokens: tokens.input,
      completion_tokens: tokens.output,
      total_tokens: tokens.input + tokens.output,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    },
  };
}

function failInStream(
  response: ServerResponse,
  { path }: OpenAiCall,
  { code, type, message }: OpenAiFailure,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': `req_${randomUUID()}` });
  const error = { code, message, param: null };
  response.end(
    path.endsWith('/responses')
      ? `event: error\ndata: ${JSON.stringify({ type: 'error', ...error, sequence_number: 1 })}\n\n`
      : `data: ${JSON.stringify({ error: { ...error, type } })}\n\n`,
  );
}

function fail(response: ServerResponse, { status, headers = {}, ...error }: OpenAiFailure): void {
  reply(response, status, { error: { ...error, param: null } }, headers);
}

function reply(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string | null> = {},
): void {
  begin(response, status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Headers that are null are not there. */
function begin(
  response: ServerResponse,
  status: number,
  headers: Record<string, string | null>,
): ServerResponse {
  const told = Object.entries({ 'x-request-id': `req_${randomUUID()}`, ...headers });
  return response.writeHead(
    status,
    told.flatMap(([name, value]) => (value === null ? [] : [name, value])),
  );
}

const wordsIn = (text: string): number => text.split(/\s+/).filter(Boolean).length;
