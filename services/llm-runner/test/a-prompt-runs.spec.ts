import { BlockFailure, Ledger, testBlock, type BlockContext } from '@duofactory/block-kit';
import { SystemClock } from '@duofactory/platform';
import { useDatabase } from '@duofactory/testing';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AskPrompt } from '../src/app/ask-prompt.js';
import {
  LanguageModel,
  type ModelAnswer,
  type ModelHints,
  type ModelRequest,
} from '../src/app/language-model.js';
import type { PromptLibrary } from '../src/app/prompt-kind.js';
import { RunPrompt } from '../src/app/run-prompt.js';
import { sumLedger } from '../src/store/ledger.js';
import { promptBlock } from '../src/blocks/prompt/execute.js';
import { llmRunnerService } from '../src/llm-runner.module.js';
import { aPrompt, libraryOf, transactionsOf } from './library-of-spec.js';

/** Stands for a vendor: says what the spec tells it to. */
class ScriptedModel extends LanguageModel {
  readonly provider = 'scripted';
  readonly defaultName = 'scripted-1';
  readonly keyHash = 'none';
  requests: ModelRequest[] = [];
  answers: string[] = [];
  cost: ModelAnswer['usage']['cost'] = null;

  preview(request: ModelRequest): object {
    return request;
  }

  priceOf(): null {
    return null;
  }

  async generate(request: ModelRequest, _hints: ModelHints): Promise<ModelAnswer> {
    this.requests.push(request);
    const text = this.answers.shift() ?? 'said';
    const usage = { kind: 'model', provider: 'scripted', model: 'scripted-1', units: {}, cost: this.cost };
    return { text, usage };
  }
}

const schema = {
  type: 'object',
  properties: { title: { type: 'string', maxLength: 10 } },
  required: ['title'],
  additionalProperties: false,
};

describe('a prompt runs', () => {
  const database = useDatabase('llm_runner', llmRunnerService.migrations);
  const model = new ScriptedModel();
  let library: PromptLibrary;

  const publish = (prompt: ReturnType<typeof aPrompt>) =>
    library.publish(prompt.id, { definition: prompt, author: 'spec' });
  const run = (configuration: object, payload: Record<string, unknown> = {}, more: object = {}) =>
    testBlock(promptBlock(library, new RunPrompt(model)), { with: configuration, payload, ...more });
  const throughLedger = (lineage: string, sample = 1): BlockContext['once'] => {
    const ledger = new Ledger(database.current, new SystemClock());
    const signal = new AbortController().signal;
    return async (step, request, effect) =>
      (await ledger.once({ lineage, block: 'b', key: '', sample, step, request, effect, signal })).value;
  };

  beforeAll(async () => {
    library = libraryOf(database.current);
    await publish(
      aPrompt({
        id: 'greet',
        steps: [
          { type: 'system', text: 'You greet at level {{unit.level}}.' },
          { type: 'user', text: '{{whole}}' },
          { type: 'user', text: 'Greet {{name}}: {{unit.words}}' },
        ],
      }),
    );
    await publish(aPrompt({ id: 'title', output: { schema } }));
    await publish(
      aPrompt({
        id: 'chain',
        steps: [
          { type: 'user', text: 'Think.' },
          { type: 'assistant', generate: true },
          { type: 'user', text: 'Now answer.' },
          { type: 'assistant', generate: true },
        ],
      }),
    );
  });

  beforeEach(() => {
    model.requests = [];
    model.answers = [];
  });

  it('by no other vendor than the one that it names', async () => {
    const id = 'named';
    await publish(aPrompt({ id, model: { name: 'm', provider: 'openai' } }));
    const definition = { ...aPrompt({ id }), model: { name: 'm', provider: 'anthropic' } };

    const asked = run({ prompt: id });

    await expect(asked).rejects.toMatchObject({ code: 'other-provider', retryable: false });
    await expect(asked).rejects.toThrow(/model\.provider of prompt "named" is "openai".*"scripted"/);
    expect(model.requests).toEqual([]);
    await expect(library.publish(id, { definition, author: 'spec' })).rejects.toMatchObject({
      errors: [{ field: 'model.provider', message: 'It must be one of openai, offline' }],
    });
  });

  it('with its variables from results, inputs and its own mapping, in that order of strength', async () => {
    const result = await run(
      { prompt: 'greet', inputs: { name: 'Ana' } },
      { unit: { level: 'A1', words: ['hola', 'adiós'] }, name: 'a block of that name' },
      { inputs: { whole: { a: [1, true] } }, variables: { name: 'weakest' } },
    );

    expect(result).toEqual({ text: 'said' });
    expect(model.requests[0]!.messages).toEqual([
      { role: 'system', text: 'You greet at level A1.' },
      { role: 'user', text: '{"a":[1,true]}' },
      { role: 'user', text: 'Greet Ana: ["hola","adiós"]' },
    ]);
    expect(model.requests[0]!.model.name).toBe('scripted-1');
  });

  it('not without a variable: it is named', async () => {
    await expect(run({ prompt: 'greet' }, { unit: { level: 'A1' } })).rejects.toMatchObject({
      code: 'missing-variable',
      path: 'whole',
    });
    await expect(run({ prompt: 'gret' })).rejects.toMatchObject({ code: 'unknown-prompt', retryable: false });
    expect(model.requests).toEqual([]);
  });

  it('and what comes out of results is text, whatever it looks like', async () => {
    await run(
      { prompt: 'greet', inputs: { name: '{{unit.level}}' } },
      { unit: { level: 'A1', words: [] }, whole: '' },
    );

    expect(model.requests[0]!.messages[2]!.text).toBe('Greet {{unit.level}}: []');
  });

  it('step by step, where the model writes some of them', async () => {
    model.answers = ['I think.', 'I answer.'];

    expect(await run({ prompt: 'chain' })).toEqual({ text: 'I answer.' });
    expect(model.requests.map(({ messages }) => messages.map(({ text }) => text))).toEqual([
      ['Think.'],
      ['Think.', 'I think.', 'Now answer.'],
    ]);
  });

  it('to the object of its schema, also out of a fence', async () => {
    model.answers = ['```json\n{"title": "Café"}\n```'];

    expect(await run({ prompt: 'title' })).toEqual({ title: 'Café' });
    expect(model.requests[0]!.schema).toEqual(schema);
  });

  it.each([
    ['the answer of a model that writes blanks without an end', '```json' + '\n'.repeat(500_000) + '{'],
    [
      'one that ends after all',
      '```JSON\n' + ' '.repeat(500_000) + '{"title": "Sol"}' + ' '.repeat(500_000) + '```',
    ],
  ])('and is not held up by %s', async (_, answer) => {
    model.answers = [answer, '{"title": "Sol"}'];

    expect(await run({ prompt: 'title' })).toEqual({ title: 'Sol' });
  });

  it('and is not held up by a step of a million blanks, nor by one of many images', async () => {
    const image = { object: `sha256/ab/${'ab'.repeat(32)}`, mediaType: 'image/png', sizeBytes: 1 };
    const blanks = ' '.repeat(1_000_000);
    const steps = [{ type: 'user' as const, text: `a${blanks}b${blanks}{{image:a}} \n {{ image:b }}\n` }];
    await publish(aPrompt({ id: 'long', steps }));

    await run({ prompt: 'long' }, { a: image, b: image });

    const [message] = model.requests[0]!.messages;
    expect(message).toMatchObject({ role: 'user', images: [image, image] });
    expect(message!.text).toBe(`a${blanks}b`);
  });

  it('once more with the words of the check, and then fails', async () => {
    model.answers = ['{"title": "much too long a title"}', '{"title": "Café"}'];
    expect(await run({ prompt: 'title' })).toEqual({ title: 'Café' });
    const [, repair] = model.requests;
    expect(repair!.messages.at(-1)!.text).toContain('/title must NOT have more than 10 characters');

    model.answers = ['no JSON', '{"titel": "x"}'];
    const failure = await run({ prompt: 'title' }).catch((error: unknown) => error as BlockFailure);

    expect(failure).toMatchObject({ code: 'invalid-output', retryable: true });
    expect((failure as BlockFailure).message).toContain("required property 'title'");
    expect(model.requests).toHaveLength(4);
  });

  it('anew in a later attempt, where what was told before is of no use', async () => {
    model.answers = ['no JSON', 'nor this', 'no JSON either', '{"title": "Café"}', 'never asked'];
    const version = await library.show('title');
    const attempt = () =>
      new RunPrompt(model).execute({ version, scope: {}, sample: 1, purpose: {} }, throughLedger('useless'));

    await expect(attempt()).rejects.toMatchObject({ code: 'invalid-output', retryable: true });
    expect(model.requests).toHaveLength(2);
    expect(await attempt()).toEqual({ title: 'Café' });
    expect(await attempt()).toEqual({ title: 'Café' });

    expect(model.requests).toHaveLength(4);
  });

  it('and saves nothing by answers that a later attempt goes past', async () => {
    model.answers = ['no JSON', 'nor this', 'no JSON either', '{"title": "Café"}'];
    model.cost = { amount: 0.5, currency: 'USD' };
    const ask = new AskPrompt(
      library,
      new RunPrompt(model),
      new Ledger(database.current, new SystemClock()),
      transactionsOf(database.current),
    );
    const run = '00000000-0000-4000-8000-00000000000f';
    const attempt = () =>
      ask.execute(
        { prompt: 'title', variables: {}, key: 'past', purpose: { run } },
        new AbortController().signal,
      );
    const sum = async () => (await sumLedger(database.current, { filter: { run }, limit: 1 }))[0];

    await expect(attempt()).rejects.toMatchObject({ code: 'invalid-output' });
    const second = await attempt();
    const paid = await sum();
    const third = await attempt();

    expect(second.usage.map(({ saved }) => saved)).toEqual([false, false]);
    expect(paid).toMatchObject({ calls: 4, cost: 2, replays: 0, saved: 0 });
    expect(third.totals).toMatchObject({ paid: 0, saved: 1 });
    // Its own run paid for them: the ledger credits nobody.
    expect(await sum()).toMatchObject({ calls: 4, cost: 2, replays: 0, saved: 0 });
    model.cost = null;
  });

  it('and is paid for once, however often its task is tried', async () => {
    model.answers = ['I think.', 'I answer.', 'another', 'other'];
    const version = await library.show('chain');
    const prompt = { version, scope: {}, sample: 1, purpose: {} };

    const first = await new RunPrompt(model).execute(prompt, throughLedger('run-1'));
    const again = await new RunPrompt(model).execute(prompt, throughLedger('run-1'));
    const sample = await new RunPrompt(model).execute({ ...prompt, sample: 2 }, throughLedger('run-1', 2));

    expect([first, again, sample]).toEqual([{ text: 'I answer.' }, { text: 'I answer.' }, { text: 'other' }]);
    expect(model.requests).toHaveLength(4);
  });

  it('and asks the same of the same values, in whatever order they come', async () => {
    await publish(
      aPrompt({
        id: 'order',
        steps: [
          { type: 'user', text: 'Judge {{lines}}' },
          { type: 'user', text: '{{lines}}' },
        ],
      }),
    );

    await run({ prompt: 'order', inputs: { lines: [{ speaker: 'Ana', text: 'Hola' }] } });
    await run({ prompt: 'order', inputs: { lines: [{ text: 'Hola', speaker: 'Ana' }] } });

    const [first, second] = model.requests.map(({ messages }) => messages.map(({ text }) => text));
    expect(second).toEqual(first);
    expect(first![0]).toBe('Judge [{"speaker":"Ana","text":"Hola"}]');
  });

  it('for another service by a key: the same key is paid once', async () => {
    const ask = new AskPrompt(
      library,
      new RunPrompt(model),
      new Ledger(database.current, new SystemClock()),
      transactionsOf(database.current),
    );
    const request = { prompt: 'title', variables: {}, key: 'k1', purpose: {} };
    const signal = new AbortController().signal;
    model.answers = ['{"title": "Uno"}', '{"title": "Dos"}'];

    const first = await ask.execute(request, signal);
    const again = await ask.execute(request, signal);
    const other = await ask.execute({ ...request, key: 'k2' }, signal);

    expect(first).toMatchObject({ prompt: 'title@1', value: { title: 'Uno' }, usage: [{ saved: false }] });
    expect(again).toMatchObject({ value: { title: 'Uno' }, usage: [{ saved: true }] });
    expect(other.value).toEqual({ title: 'Dos' });
  });

  it.each<[string, object, string]>([
    ['a step without text', { steps: [{ type: 'user' }] }, 'steps.0.text'],
    ['a user step that the model writes', { steps: [{ type: 'user', generate: true }] }, 'steps.0.generate'],
    ['an answer to nothing', { steps: [{ type: 'assistant', generate: true }] }, 'steps.0.generate'],
    ['an unclosed variable', { steps: [{ type: 'user', text: 'Hi {{name' }] }, 'steps.0.text'],
    ['a half closed variable', { steps: [{ type: 'user', text: '{{a}} {{b} {{c}}' }] }, 'steps.0.text'],
    [
      'a schema of another draft',
      { output: { schema: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' } } },
      'output.schema.$schema',
    ],
    [
      'a schema that anything fits',
      { output: { schema: { $async: true, type: 'object', required: ['a'] } } },
      'output.schema.$async',
    ],
    ['a broken variable', { steps: [{ type: 'user', text: 'Hi {{na me}}' }] }, 'steps.0.text'],
    [
      'an image before text',
      { steps: [{ type: 'user', text: '{{image:cat}} what is it?' }] },
      'steps.0.text',
    ],
    ['a schema that is none', { output: { schema: { type: 'objekt' } } }, 'output.schema'],
    ['an unknown field', { temperature: 1 }, 'temperature'],
  ])('only if it can be published: %s is refused', async (_name, over, field) => {
    const refused = publish({ ...aPrompt({ id: 'bad' }), ...over });

    await expect(refused).rejects.toMatchObject({
      code: 'invalid-definition',
      errors: [expect.objectContaining({ field })],
    });
  });

  it('by a label that moves', async () => {
    await publish(aPrompt({ id: 'labelled', steps: [{ type: 'user', text: 'One' }] }));
    await publish(aPrompt({ id: 'labelled', steps: [{ type: 'user', text: 'Two' }] }));
    await library.label('labelled', 'production', 1);
    await run({ prompt: 'labelled@production' });
    await library.label('labelled', 'production', 2);
    await run({ prompt: 'labelled@production' });

    expect(model.requests.map(({ messages }) => messages[0]!.text)).toEqual(['One', 'Two']);
    expect((await library.versions('labelled')).map(({ labels }) => labels)).toEqual([['production'], []]);
    await expect(library.label('labelled', 'production', 3)).rejects.toMatchObject({ status: 404 });
  });
});
