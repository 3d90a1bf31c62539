import { BlockFailure, Ledger, type BlockContext, effectId, noteUsage } from '@duofactory/block-kit';
import type { Usage } from '@duofactory/contracts';
import { FsObjectStore } from '@duofactory/objects';
import { SystemClock } from '@duofactory/platform';
import { FakeOpenAi, useDatabase, type OpenAiFailure, type OpenAiFault } from '@duofactory/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenAiModel } from '../src/adapters/openai/openai-model.js';
import type { TokenPrices } from '../src/adapters/openai/prices.js';
import type { ModelCall, ModelHints, ModelRequest } from '../src/app/language-model.js';
import type { PromptLibrary } from '../src/app/prompt-kind.js';
import { RunPrompt } from '../src/app/run-prompt.js';
import { llmRunnerService } from '../src/llm-runner.module.js';
import { aPrompt, libraryOf } from './library-of-spec.js';

const folder = join(tmpdir(), `duofactory-images-${randomUUID()}`);
const objects = new FsObjectStore(folder);
afterAll(() => rm(folder, { recursive: true, force: true }));
const HINTS: ModelHints = { seed: 's', family: 'f', sample: 1, variables: {} };
const schema = {
  type: 'object',
  properties: { title: { type: 'string' } },
  required: ['title'],
  additionalProperties: false,
};
const schemaOf = (properties: object, type: unknown = 'object') => ({
  ...{ type, properties, required: Object.keys(properties), additionalProperties: false },
});
const request = (over: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: 'Say hello.' },
  ],
  model: { name: 'gpt-5-mini' },
  ...over,
});

describe.each(['responses', 'chat'] as const)('OpenAI by its %s interface', (api) => {
  let fake: FakeOpenAi;
  const call: ModelCall = {
    ...{ id: 'call-1', subject: 'p@1', purpose: {}, signal: new AbortController().signal },
    untimed: (wait) => wait(),
    interrupted: [],
  };
  const model = (of: { apiKey?: string; prices?: Record<string, TokenPrices>; patienceMs?: number } = {}) =>
    new OpenAiModel({
      ...{ apiKey: fake.apiKey, baseUrl: fake.baseUrl, api, modelName: 'gpt-5-mini', prices: {}, objects },
      ...of,
    });
  const failureOf = async (
    fault: OpenAiFault | OpenAiFailure,
    of: { apiKey?: string } = {},
  ): Promise<BlockFailure> => {
    fake.faults.push(fault);
    return model(of)
      .generate(request(), HINTS, call)
      .then(
        () => Promise.reject(new Error('It answered')),
        (error: unknown) => error as BlockFailure,
      );
  };

  beforeAll(async () => {
    fake = await FakeOpenAi.start();
    // A compatible server may know nothing else.
    fake.paths = [api === 'chat' ? '/v1/chat/completions' : '/v1/responses'];
  });
  beforeEach(() => {
    fake.calls.length = 0;
    fake.faults.length = 0;
    fake.paid = 0;
    fake.tells = (answer) => answer;
    fake.contentType = undefined;
  });
  afterAll(() => fake.stop());

  it('sends the messages and settings, and counts what was used', async () => {
    const settings = { temperature: 0.5, topP: 0.9, maxOutputTokens: 99, reasoningEffort: 'low' as const };
    const answer = await model().generate(
      request({ model: { name: 'gpt-5-mini', ...settings } }),
      HINTS,
      call,
    );

    const [{ body }] = fake.calls as [(typeof fake.calls)[number]];
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Say hello.' },
    ];
    expect(body).toMatchObject(
      api === 'chat'
        ? { model: 'gpt-5-mini', messages, top_p: 0.9, max_completion_tokens: 99, reasoning_effort: 'low' }
        : { model: 'gpt-5-mini', input: messages, top_p: 0.9, max_output_tokens: 99, store: false },
    );
    expect(body['temperature']).toBe(0.5);
    expect(answer).toMatchObject({
      text: 'You said: Be brief.\nSay hello.',
      usage: { provider: 'openai', model: 'gpt-5-mini', units: { inputTokens: 4, outputTokens: 6 } },
    });
    expect(answer.requestId).toMatch(/^req_/);
    expect(fake.calls[0]!.clientRequestId).toBe('call-1');
  });

  it.each<[string, object, boolean]>([
    [
      'what is within is known',
      { type: 'array', items: { type: 'string', format: 'date' }, minItems: 1 },
      true,
    ],
    ['one of several is meant', { anyOf: [{ type: 'string', pattern: '^a' }, { type: 'null' }] }, true],
    ['a value is one of some', { enum: ['a', 'b'] }, true],
    ['a name is a keyword', schemaOf({ oneOf: { type: 'integer', minimum: 1 } }), true],
    ['an object may be absent', schemaOf({ part: schemaOf({}, ['object', 'null']) }), true],
    ['exactly one of several is meant', { oneOf: [{ type: 'string' }, { type: 'null' }] }, false],
    ['all differ', { type: 'array', items: { type: 'string' }, uniqueItems: true }, false],
    ['a text has a length', { type: 'string', minLength: 1 }, false],
    ['a format is its own', { type: 'string', format: 'uri-template' }, false],
    ['anything goes', {}, false],
    ['an object is open', { anyOf: [{ type: ['object', 'null'], properties: {} }] }, false],
  ])('holds the vendor to a schema that it knows, where %s', async (_where, part, strict) => {
    await model().generate(request({ schema: schemaOf({ part }) }), HINTS, call);

    const { text, response_format: format } = fake.calls[0]!.body as {
      text?: { format: object };
      response_format?: { json_schema: object };
    };
    expect(text?.format ?? format?.json_schema).toMatchObject({ strict, schema: schemaOf({ part }) });
  });

  it('holds the vendor to the schema where it can be, and wishes where it cannot', async () => {
    await model().generate(request({ schema }), HINTS, call);
    await model().generate(request({ schema: { ...schema, required: [] } }), HINTS, call);

    const formats = fake.calls.map(({ body }) => {
      const wrapped = body['text'] ?? body['response_format'];
      const format =
        (wrapped as { format?: object }).format ?? (wrapped as { json_schema: object }).json_schema;
      return (format as { strict: boolean }).strict;
    });
    expect(formats).toEqual([true, false]);
  });

  it.each<[OpenAiFault, string, boolean, number | undefined]>([
    ['rate-limit', 'rate-limited', true, 1500],
    ['rate-limit-seconds', 'rate-limited', true, 2000],
    ['no-quota', 'insufficient-quota', false, undefined],
    ['no-quota-type', 'insufficient-quota', false, undefined],
    ['gateway-timeout', 'model-timeout', true, undefined],
    ['strange', 'unreadable-answer', true, undefined],
    ['server-error', 'model-error', true, undefined],
    ['cut', 'model-away', true, undefined],
    ['too-long', 'context-too-long', false, undefined],
    ['unknown-model', 'unknown-model', false, undefined],
  ])('tells %s apart', async (fault, code, retryable, afterMs) => {
    const failure = await failureOf(fault);

    expect(failure).toBeInstanceOf(BlockFailure);
    expect([failure.code, failure.retryable, failure.afterMs]).toEqual([code, retryable, afterMs]);
    // Who is told why knows that nothing was paid; where a connection breaks, or nobody can read the answer, none does.
    expect(failure.ambiguous).toBe(['cut', 'gateway-timeout', 'strange'].includes(fault));
    // One attempt is one call: attempts belong to the orchestrator.
    expect(fake.calls).toHaveLength(1);
  });

  it.each([500, 502, 503, 529])(
    'takes a status %s for an error of the server that passes',
    async (status) => {
      const headers = { 'retry-after': '3' };

      const failure = await failureOf({ status, code: null, type: 'server_error', message: 'No', headers });

      expect([failure.code, failure.retryable, failure.afterMs, failure.ambiguous]).toEqual([
        ...['model-error', true, 3000, false],
      ]);
    },
  );

  it.each(['billing_not_active', 'billing_hard_limit_reached'])(
    'does not ask again where the account is closed: %s',
    async (code) => {
      const failure = await failureOf({ status: 429, code, type: 'requests', message: 'Not active' });

      expect([failure.code, failure.retryable]).toEqual(['insufficient-quota', false]);
    },
  );

  it.each<[string | number, string, boolean, boolean]>([
    ['rate_limit_exceeded', 'rate-limited', true, false],
    [429, 'rate-limited', true, false],
    [402, 'insufficient-quota', false, false],
    [400, 'invalid-model-request', false, false],
    [502, 'model-error', true, false],
    [504, 'model-timeout', true, true],
  ])(
    'reads the error %s in an answer that says that all is well',
    async (code, expected, retryable, lost) => {
      fake.tells = () => ({ error: { code, message: 'The provider says no' } });

      const asked = model().generate(request(), HINTS, call);

      await expect(asked).rejects.toMatchObject({ code: expected, retryable, ambiguous: lost });
      await expect(asked).rejects.toThrow('The provider says no');
    },
  );

  it.each([null, 'text/plain', 'application/octet-stream'])(
    'reads what it paid for, whole or as it is said, where its type is told as %s',
    async (type) => {
      fake.contentType = type;
      const parts: string[] = [];
      const watched = { ...call, onText: (text: string) => void parts.push(text) };

      const whole = await model().generate(request(), HINTS, call);
      const streamed = await model().generate(request(), HINTS, watched);
      fake.faults.push('not-streamed');
      const atOnce = await model().generate(request(), HINTS, watched);

      expect([whole.text, streamed.text, atOnce.text]).toEqual(
        Array(3).fill('You said: Be brief.\nSay hello.'),
      );
      expect(parts.length).toBeGreaterThan(1);
      expect(whole.usage.units).toMatchObject({ inputTokens: 4, outputTokens: 6 });
      expect(whole.requestId).toMatch(/^req_/);
    },
  );

  it('asks anew where the model says nothing, though that is paid for', async () => {
    fake.answer = () => ' \n';

    const { fault, usage } = await model().generate(request(), HINTS, call);
    fake.answer = ({ text }) => `You said: ${text}`;

    expect(fault).toMatchObject({ code: 'empty-answer', retryable: true });
    expect(usage.units['inputTokens']).toBe(4);
  });

  it('waits as long as the vendor says by a date, and no time at all for one that is past', async () => {
    const refusal = { status: 429, code: 'rate_limit_exceeded', type: 'requests', message: 'Slower' };
    const untilTime = (ms: number): OpenAiFailure => ({
      ...{ ...refusal, headers: { 'retry-after': new Date(Date.now() + ms).toUTCString() } },
    });

    const later = await failureOf(untilTime(90_000));
    const past = await failureOf(untilTime(-90_000));
    const nonsense = await failureOf({ ...refusal, headers: { 'retry-after': 'soon' } });

    expect([later.code, later.retryable]).toEqual(['rate-limited', true]);
    // A date has no parts of a second, and the call took its time.
    expect(later.afterMs).toBeGreaterThan(60_000);
    expect(later.afterMs).toBeLessThanOrEqual(90_000);
    expect([past.afterMs, nonsense.afterMs]).toEqual([undefined, undefined]);
  });

  it.each([
    ['rate_limit_exceeded', 'rate-limited', true],
    ['insufficient_quota', 'insufficient-quota', false],
    ['invalid_prompt', 'invalid-model-request', false],
    ['context_length_exceeded', 'context-too-long', false],
    ['server_error', 'model-error', true],
  ])('tells %s apart where a stream says it', async (code, expected, retryable) => {
    fake.faults.push({ status: 0, code, type: 'error', message: 'What is wrong', streamed: true });

    const asked = model().generate(request(), HINTS, { ...call, onText: () => undefined });

    await expect(asked).rejects.toMatchObject({ code: expected, retryable, ambiguous: false });
  });

  it('knows that nothing was paid where there was no connection', async () => {
    const gone = await FakeOpenAi.start();
    const { apiKey, baseUrl } = gone;
    await gone.stop();
    const away = new OpenAiModel({ apiKey, baseUrl, api, modelName: 'm', prices: {}, objects });

    await expect(away.generate(request(), HINTS, call)).rejects.toMatchObject({
      ...{ code: 'model-away', retryable: true, ambiguous: false },
    });
  });

  it('never repeats a key that is refused', async () => {
    const failure = await failureOf('server-error', { apiKey: 'sk-secret-of-somebody' });

    expect(failure.code).toBe('model-key-refused');
    expect(JSON.stringify([failure.message, failure.stack, failure.cause])).not.toContain('sk-secret');
  });

  it.each<[OpenAiFault, string]>([
    ['refusal', 'refusal'],
    ['cut-answer', 'output-cut'],
    ['filtered', 'content-filter'],
  ])('tells a paid answer of no use: %s', async (fault, code) => {
    fake.faults.push(fault);

    const answer = await model().generate(request(), HINTS, call);

    expect(answer.fault?.code).toBe(code);
    expect(answer.usage.units['inputTokens']).toBe(4);
  });

  it.each<['stop' | 'seed', Partial<ModelRequest['model']>]>([
    ['stop', { stop: ['END'] }],
    ['seed', { seed: 7 }],
  ])('sends %s where the interface knows it, and refuses it unasked where not', async (setting, of) => {
    const before = fake.calls.length;
    const asked = model().generate(request({ model: { name: 'gpt-5-mini', ...of } }), HINTS, call);

    if (api === 'chat') {
      await asked;
      expect(fake.calls.at(-1)!.body).toMatchObject(of);
    } else {
      await expect(asked).rejects.toMatchObject({ code: 'unsupported-setting', retryable: false });
      await expect(asked).rejects.toThrow(`\`${setting}\``);
      expect(fake.calls).toHaveLength(before);
    }
  });

  it('prices by configuration, then by the vendor at the address, and never guesses', async () => {
    const prices = { 'gpt-5-mini': { input: 2, output: 10 } };

    const own = await model({ prices }).generate(request(), HINTS, call);
    const unknown = await model().generate(request(), HINTS, call);

    expect(own.usage.cost).toEqual({ amount: (4 * 2 + 6 * 10) / 1_000_000, currency: 'USD' });
    expect(unknown.usage.cost).toBeNull();
  });

  it('tells the answer as it comes, and counts as if it had come whole', async () => {
    const whole = await model().generate(request(), HINTS, call);
    const parts: string[] = [];

    const streamed = await model().generate(request(), HINTS, {
      ...call,
      onText: (text) => void parts.push(text),
    });

    expect(parts.length).toBeGreaterThan(1);
    expect(parts.join('')).toBe(whole.text);
    expect(streamed).toEqual({ ...whole, requestId: streamed.requestId });
    expect(streamed.requestId).toMatch(/^req_/);
    fake.faults.push('cut-stream');
    await expect(
      model().generate(request(), HINTS, { ...call, onText: () => undefined }),
    ).rejects.toMatchObject({ code: 'model-away', retryable: true, ambiguous: true });
  });

  it.each([
    ['call-aborted', {}],
    ['model-away', { onText: () => undefined }],
  ])('waits no longer than it may for an answer that has no end: %s', async (code, of) => {
    fake.faults.push('stalled');

    const asked = model({ patienceMs: 200 }).generate(request(), HINTS, { ...call, ...of });

    await expect(asked).rejects.toMatchObject({ code, retryable: true, ambiguous: true });
  });

  it('takes an answer whole, though it was to come as it is said', async () => {
    fake.faults.push('not-streamed');

    const answer = await model().generate(request(), HINTS, { ...call, onText: () => undefined });

    expect(answer).toMatchObject({
      text: 'You said: Be brief.\nSay hello.',
      usage: { units: { inputTokens: 4, outputTokens: 6 } },
    });
  });

  it('takes an answer whose connection breaks when all is said', async () => {
    fake.faults.push('cut-end');

    const asked = model().generate(request(), HINTS, { ...call, onText: () => undefined });

    // By the Responses API the last event is the answer itself.
    if (api === 'responses')
      await expect(asked).rejects.toMatchObject({ code: 'model-away', ambiguous: true });
    else expect(await asked).toMatchObject({ text: 'You said: Be brief.\nSay hello.' });
  });

  it('prices what answers by a name with a date as the model that was asked', async () => {
    fake.answersAs = 'gpt-5-mini-2030-01-01';
    const prices = { 'gpt-5-mini': { input: 2, output: 10 } };

    const { usage } = await model({ prices }).generate(request(), HINTS, call);

    expect([usage.model, usage.cost]).toEqual([
      'gpt-5-mini-2030-01-01',
      { amount: (4 * 2 + 6 * 10) / 1_000_000, currency: 'USD' },
    ]);
    fake.answersAs = undefined;
  });

  const counted = (of: { input: unknown; output: unknown; cached?: unknown; reasoning?: unknown }) =>
    api === 'chat'
      ? {
          ...{ prompt_tokens: of.input, completion_tokens: of.output },
          prompt_tokens_details: { cached_tokens: of.cached },
          completion_tokens_details: { reasoning_tokens: of.reasoning },
        }
      : {
          ...{ input_tokens: of.input, output_tokens: of.output },
          input_tokens_details: { cached_tokens: of.cached },
          output_tokens_details: { reasoning_tokens: of.reasoning },
        };

  it.each<[string, object | null | undefined]>([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['text and null', counted({ input: 'lots', output: null })],
    ['less than nothing', counted({ input: -1, output: 5 })],
    ['parts of tokens', counted({ input: 1.5, output: 5 })],
    ['more than a number holds', counted({ input: 1e300, output: 1e300 })],
    ['more than a model writes', counted({ input: 10, output: 3_000_000_000 })],
    ['more in the cache than was sent', counted({ input: 10, cached: 5000, output: 5 })],
    ['more thought than was said', counted({ input: 10, output: 5, reasoning: 900 })],
    ['a cache of text', counted({ input: 10, cached: 'some', output: 5 })],
  ])('knows no price where the usage is told as %s', async (_what, usage) => {
    fake.tells = (answer) => ({ ...answer, usage });
    const prices = { 'gpt-5-mini': { input: 2, output: 10 } };

    const answer = await model({ prices }).generate(request(), HINTS, call);

    expect(answer.text).toBe('You said: Be brief.\nSay hello.');
    expect([answer.usage.units, answer.usage.cost]).toEqual([{}, null]);
  });

  it('takes counts whose parts are not told', async () => {
    fake.tells = (answer) => ({ ...answer, usage: counted({ input: 10, cached: null, output: 5 }) });

    const { usage } = await model().generate(request(), HINTS, call);

    expect(usage.units).toEqual({
      ...{ inputTokens: 10, cachedInputTokens: 0, outputTokens: 5, reasoningTokens: 0 },
    });
  });

  it.each([null, '', 7, { name: 'x' }, 'x\0y'])(
    'names the model that was asked for one told as %j',
    async (told) => {
      fake.tells = (answer) => ({ ...answer, model: told });

      const { usage } = await model().generate(request(), HINTS, call);

      expect(usage.model).toBe('gpt-5-mini');
    },
  );

  it('takes an empty refusal for none', async () => {
    const message = { content: 'Yes.', refusal: '' };
    if (api === 'chat')
      fake.tells = (answer) => ({ ...answer, choices: [{ index: 0, finish_reason: 'stop', message }] });

    const { fault } = await model().generate(request(), HINTS, call);

    expect(fault).toBeUndefined();
  });

  it('takes no object for what the model says', async () => {
    fake.tells = (answer) =>
      api === 'chat'
        ? { ...answer, choices: [{ index: 0, finish_reason: 'stop', message: { content: { a: 1 } } }] }
        : { ...answer, output: [{ type: 'message', content: [{ type: 'output_text', text: { a: 1 } }] }] };

    const asked = model().generate(request(), HINTS, call);

    await expect(asked).rejects.toMatchObject({
      code: 'unreadable-answer',
      retryable: true,
      ambiguous: true,
    });
  });

  it('names an image that is not there, and sends nothing', async () => {
    const object = `sha256/ab/${'ab'.repeat(32)}`;
    const images = [{ object, mediaType: 'image/png', sizeBytes: 1 }];

    const asked = model().generate(
      request({ messages: [{ role: 'user', text: 'See', images }] }),
      HINTS,
      call,
    );

    await expect(asked).rejects.toMatchObject({
      ...{ code: 'image-missing', retryable: false, ambiguous: false },
      message: expect.stringContaining(object),
    });
    expect(fake.calls).toEqual([]);
  });

  it('shows images of the object store, and names them where a request is only looked at', async () => {
    const image = await objects.put(Buffer.from('pixels'), 'image/png');
    const shown = request({ messages: [{ role: 'user', text: 'What is it?', images: [image] }] });

    await model().generate(shown, HINTS, call);

    const [{ body }] = fake.calls as [(typeof fake.calls)[number]];
    const url = `data:image/png;base64,${Buffer.from('pixels').toString('base64')}`;
    expect(body['input'] ?? body['messages']).toEqual([
      {
        role: 'user',
        content:
          api === 'chat'
            ? [
                { type: 'text', text: 'What is it?' },
                { type: 'image_url', image_url: { url } },
              ]
            : [
                { type: 'input_text', text: 'What is it?' },
                { type: 'input_image', image_url: url, detail: 'auto' },
              ],
      },
    ]);
    const named = JSON.parse(
      JSON.stringify(body).replace(url, 'data:image/png;base64,… (6 bytes)'),
    ) as object;
    expect(model().preview(shown)).toEqual({
      path: api === 'chat' ? '/chat/completions' : '/responses',
      body: named,
    });
  });

  it('is called off by its signal', async () => {
    const controller = new AbortController();
    fake.answer = (call) => {
      controller.abort(new Error('enough'));
      return call.text;
    };

    const { signal } = controller;
    await expect(model().generate(request(), HINTS, { ...call, signal })).rejects.toMatchObject({
      code: 'call-aborted',
      ambiguous: true,
    });
    fake.answer = ({ text }) => `You said: ${text}`;
  });
});

describe('an answer by the responses interface that is none', () => {
  let fake: FakeOpenAi;
  beforeAll(async () => {
    fake = await FakeOpenAi.start();
  });
  afterAll(() => fake.stop());

  const told = (answer: object) => {
    fake.tells = (whole) => ({ ...whole, ...answer });
    const { apiKey, baseUrl } = fake;
    const options = { apiKey, baseUrl, api: 'responses' as const, modelName: 'm', prices: {}, objects };
    return new OpenAiModel(options).generate(request(), HINTS, {
      ...{ id: 'call-1', subject: 'p@1', purpose: {}, signal: new AbortController().signal },
      ...{ untimed: (wait) => wait(), interrupted: [] },
    });
  };

  it.each([
    ['rate_limit_exceeded', 'rate-limited', true],
    ['server_error', 'model-error', true],
    ['invalid_prompt', 'invalid-model-request', false],
    ['image_too_large', 'invalid-model-request', false],
    ['image_content_policy_violation', 'content-filter', false],
  ])('tells %s apart where it failed', async (code, expected, retryable) => {
    const error = { code, message: 'What is wrong' };
    const failed = told({ status: 'failed', error, output: [], usage: null });

    await expect(failed).rejects.toMatchObject({ code: expected, retryable, ambiguous: false });
    await expect(failed).rejects.toThrow('What is wrong');
  });

  it('is paid for as far as the vendor counted, where it failed', async () => {
    const error = { code: 'server_error', message: 'What is wrong' };

    const answer = await told({ status: 'failed', error, output: [] });

    expect(answer).toMatchObject({
      fault: { code: 'model-error', message: expect.stringContaining('What is wrong'), retryable: true },
      usage: { units: { inputTokens: 4, outputTokens: 6 } },
    });
    expect(answer.requestId).toMatch(/^req_/);
  });

  it.each(['queued', 'in_progress', 'cancelled'])('is not taken for one where it is %s', async (status) => {
    await expect(told({ status, output: [] })).rejects.toMatchObject({
      ...{ code: 'unreadable-answer', retryable: true, ambiguous: true },
      message: expect.stringContaining(status),
    });
  });
});

describe('prompts on a vendor that fails', () => {
  const database = useDatabase('llm_runner', llmRunnerService.migrations);
  let fake: FakeOpenAi;
  let library: PromptLibrary;

  beforeAll(async () => {
    fake = await FakeOpenAi.start();
    fake.answer = ({ text }) => JSON.stringify({ title: text.split('\n')[0] });
    library = libraryOf(database.current);
    const steps = [{ type: 'user' as const, text: 'Title for {{topic}}' }];
    await library.publish('titles', {
      definition: aPrompt({ id: 'titles', steps, output: { schema } }),
      author: 'spec',
    });
  });
  afterAll(() => fake.stop());

  /** Every topic, attempt by attempt, as the orchestrator would. */
  async function runAll(lineage: string, topics: readonly unknown[], prompt = 'titles') {
    const { apiKey, baseUrl } = fake;
    const options = {
      apiKey,
      baseUrl,
      api: 'responses' as const,
      modelName: 'gpt-5-mini',
      prices: {},
      objects,
    };
    const runPrompt = new RunPrompt(new OpenAiModel(options));
    const version = (await library.find(prompt))!;
    const ledger = new Ledger(database.current, new SystemClock());
    const { signal } = new AbortController();
    const usage: Usage[] = [];
    const results: unknown[] = [];
    for (const topic of topics) {
      const once: BlockContext['once'] = async (step, asked, effect, of) => {
        const identity = { lineage, block: 'b', key: JSON.stringify(topic), sample: 1 };
        const insteadOf = (of?.insteadOf ?? []).map((one) =>
          effectId({ ...identity, step: one.step }, one.request),
        );
        const recorded = await ledger.once({ ...identity, step, insteadOf, request: asked, effect, signal });
        noteUsage(usage, recorded, insteadOf);
        return recorded.value;
      };
      for (let attempt = 1; ; attempt += 1) {
        try {
          results.push(await runPrompt.execute({ version, scope: { topic }, sample: 1, purpose: {} }, once));
          break;
        } catch (error) {
          if (!(error instanceof BlockFailure && error.retryable) || attempt === 20) throw error;
        }
      }
    }
    return { results, usage };
  }

  it('end as on one that never fails, at the same number of paid calls', async () => {
    const topics = Array.from({ length: 60 }, (_, i) => `topic ${i}`);
    const calm = await runAll('calm', topics);
    const paidInCalm = fake.paid;
    fake.paid = 0;
    let n = 0;
    const faults: (OpenAiFault | undefined)[] = ['rate-limit', undefined, 'server-error', 'cut', undefined];
    fake.faultOf = () => faults[n++ % faults.length];

    const stormy = await runAll('stormy', topics);
    const paidInStorm = fake.paid;
    const again = await runAll('stormy', topics);

    expect(stormy.results).toEqual(calm.results);
    expect([paidInCalm, paidInStorm, fake.paid]).toEqual([60, 60, 60]);
    expect(again.results).toEqual(calm.results);
    expect(again.usage.every(({ saved }) => saved)).toBe(true);
    fake.faultOf = () => undefined;
  });

  it('list an answer that nobody can read: it was paid for', async () => {
    fake.faults.push('strange');

    const { results } = await runAll('strange', ['strange']);

    expect(results).toEqual([{ title: 'Title for strange' }]);
    const { rows } = await database.current.query<{ interrupted: number }>({
      text: `select interrupted from ledger where lineage = 'strange'`,
    });
    expect(rows).toEqual([{ interrupted: 1 }]);
  });

  it('pay for an answer that failed halfway, and for the next one too', async () => {
    fake.paid = 0;
    fake.faults.push('failed-halfway', 'failed-halfway');

    const first = await runAll('halfway', ['halfway']);
    const again = await runAll('halfway', ['halfway']);

    expect(first.results).toEqual([{ title: 'Title for halfway' }]);
    expect(again.results).toEqual(first.results);
    expect(fake.paid).toBe(3);
    const paid = first.usage.filter(({ saved }) => !saved);
    expect(paid.map(({ units }) => units['inputTokens'])).toEqual([3, 3, 3]);
    // What failed halfway is of no use to anybody: to read it saves nothing.
    expect(first.usage).toHaveLength(3);
    expect(again.usage.map(({ saved }) => saved)).toEqual([true]);
    const { rows } = await database.current.query<{ state: string; tokens: number }>({
      text: `select state, (usage->'units'->>'inputTokens')::int as tokens from ledger where lineage = 'halfway'`,
    });
    expect(rows).toEqual(Array.from({ length: 3 }, () => ({ state: 'done', tokens: 3 })));
  });

  it('list no call where an image is missing: none was made', async () => {
    const steps = [{ type: 'user' as const, text: 'See\n{{image:topic}}' }];
    const definition = aPrompt({ id: 'pictures', steps });
    await library.publish('pictures', { definition, author: 'spec' });
    const image = { object: `sha256/ab/${'ab'.repeat(32)}`, mediaType: 'image/png', sizeBytes: 1 };

    const asked = runAll('pictures', [image], 'pictures');

    await expect(asked).rejects.toMatchObject({ code: 'image-missing', retryable: false });
    const text = `select from ledger where lineage = 'pictures'`;
    expect((await database.current.query({ text })).rows).toEqual([]);
  });

  it('are given one try to mend an answer that is no JSON', async () => {
    fake.paid = 0;
    fake.faults.push('wrong-json');

    const { results } = await runAll('mended', ['mended']);

    expect(results).toEqual([{ title: 'Title for mended' }]);
    expect(fake.paid).toBe(2);
    expect(fake.calls.at(-1)!.text).toContain('does not fit the schema');
  });

  it('do not pay for a refusal twice', async () => {
    fake.paid = 0;
    fake.faults.push('refusal');

    await expect(runAll('refused', ['refused'])).rejects.toMatchObject({ code: 'refusal', retryable: false });
    await expect(runAll('refused', ['refused'])).rejects.toMatchObject({ code: 'refusal' });

    expect(fake.paid).toBe(1);
  });
});
