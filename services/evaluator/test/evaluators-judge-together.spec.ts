import {
  referencePublishedV1,
  type CloudEvent,
  type EvaluateResult,
  type Usage,
} from '@duofactory/contracts';
import { testBlock } from '@duofactory/block-kit';
import { Expressions } from '@duofactory/expressions';
import { LocalBus, Outbox, OutboxRelay } from '@duofactory/messaging';
import { DefinitionLibrary, SystemClock, Transactions } from '@duofactory/platform';
import { Received, quietLog, useDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EvaluatePayload } from '../src/app/evaluate-payload.js';
import { evaluatorKind, type EvaluatorLibrary } from '../src/app/evaluator-kind.js';
import { JudgeClient } from '../src/app/judge-client.js';
import { evaluateBlock } from '../src/blocks/evaluate/execute.js';
import { evaluatorService } from '../src/evaluator.module.js';

interface Asked {
  readonly key: string;
  readonly body: { prompt: string; variables: { text?: unknown }; sample: number };
}

const RUN = '00000000-0000-4000-8000-0000000000aa';
const TASK = '00000000-0000-4000-8000-0000000000ab';

/** Plays llm-runner's contract. */
describe('evaluators judge together', () => {
  const database = useDatabase('evaluator', evaluatorService.migrations);
  const expressions = new Expressions();
  const published = new Received<CloudEvent>();
  let library: EvaluatorLibrary;
  let server: Server;
  let asked: Asked[] = [];
  let answer: (asked: Asked) => { status: number; body: unknown };
  let streamed: ((response: ServerResponse) => void) | undefined;

  const usage: Usage = {
    kind: 'model',
    provider: 'p',
    model: 'm',
    units: {},
    cost: { amount: 0.01, currency: 'USD' },
    saved: false,
  };
  const judged = (...scores: number[]) => ({
    status: 200,
    body: {
      prompt: 'judge@7',
      value: {
        criteria: scores.map((score, i) => ({ name: `c${i}`, score, reason: `r${i}` })),
        confidence: 0.8,
      },
      usage: [usage],
    },
  });
  const publish = (definition: { id: string } & Record<string, unknown>) =>
    library.publish(definition.id, { definition: { kind: 'evaluator', ...definition }, author: 'spec' });
  const evaluate = (configuration: object, payload: Record<string, unknown>, more: object = {}) =>
    testBlock(evaluateBlock(new EvaluatePayload(library, new JudgeClient(urlOf(server)), expressions)), {
      with: configuration,
      payload,
      ...more,
    }) as Promise<EvaluateResult>;

  beforeAll(async () => {
    const clock = new SystemClock();
    const bus = new LocalBus({ log: quietLog });
    await bus.ensureTopics([{ name: referencePublishedV1.topic, compacted: true }]);
    await bus.subscribe({
      group: 'spec',
      topics: [referencePublishedV1.topic],
      each: async (event) => published.add(event),
    });
    await bus.start();
    const outbox = new Outbox();
    const relay = new OutboxRelay({ bus, outbox, sql: database.current, log: quietLog });
    const transactions = new Transactions('evaluator', database.current, outbox, relay, clock);
    library = new DefinitionLibrary(evaluatorKind, database.current, transactions, clock);
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        const one = {
          key: String(request.headers['idempotency-key']),
          body: JSON.parse(text) as Asked['body'],
        };
        asked.push(one);
        if (streamed) return streamed(response.writeHead(200, { 'content-type': 'text/event-stream' }));
        const { status, body } = answer(one);
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await publish({
      id: 'short',
      type: 'rule',
      with: { rules: [{ use: 'length', text: '{{script.text}}', min: 1, max: 4 }] },
    });
    await publish({
      id: 'polite',
      type: 'rule',
      passAt: 1,
      with: { rules: [{ use: 'banned-words', text: '{{script.text}}', words: ['bah'] }] },
    });
    await publish({
      id: 'natural',
      type: 'model',
      with: { prompt: 'judge', inputs: { text: '{{script.text}}' }, scale: [1, 5], votes: 1 },
    });
    await publish({
      id: 'shaky',
      type: 'model',
      with: { prompt: 'judge', inputs: { text: '{{script.text}}' }, scale: [1, 5], votes: 3 },
    });
  });

  beforeEach(() => {
    asked = [];
    answer = () => judged(5, 3);
    streamed = undefined;
  });

  afterAll(async () => {
    server.close();
    await expressions.stop();
  });

  it('and their scores are combined into one', async () => {
    const payload = { script: { text: 'uno dos tres cuatro cinco seis' } };

    const mean = await evaluate({ evaluators: ['short', 'polite', 'natural'] }, payload);
    const min = await evaluate({ evaluators: ['short', 'polite'], combine: 'min' }, payload);
    const weighted = await evaluate(
      { evaluators: ['short', 'polite'], combine: 'weighted', weights: [3, 1] },
      payload,
    );
    const all = await evaluate({ evaluators: ['short', 'polite'], combine: 'all-must-pass' }, payload);

    // short 0.5, polite 1, natural (1 + 0.5) / 2
    expect(mean.score).toBeCloseTo(0.75, 5);
    expect(mean.verdict).toBe('pass');
    expect(mean.opinions.map(({ evaluator, verdict }) => [evaluator, verdict])).toEqual([
      ['short@1', 'fail'],
      ['polite@1', 'pass'],
      ['natural@1', 'pass'],
    ]);
    expect(mean.opinions[2]!.criteria).toEqual([
      { name: 'c0', score: 1, reason: 'r0' },
      { name: 'c1', score: 0.5, reason: 'r1' },
    ]);
    expect(mean.confidence).toBe(0.8);
    expect(mean.reasons[2]).toBe('natural@1: r1');
    expect(min).toMatchObject({ score: 0.5, verdict: 'fail', confidence: 1 });
    expect(weighted.score).toBeCloseTo(0.625, 5);
    expect(all.score).toBe(0);
    await expect(evaluate({ evaluators: ['short'], combine: 'weighted' }, payload)).rejects.toMatchObject({
      code: 'invalid-with',
    });
  });

  it('a composite is as sure as the least sure of its parts', async () => {
    const evaluators = [{ evaluator: 'short' }, { evaluator: 'natural' }];
    await publish({ id: 'in-two-ways', type: 'composite', with: { combine: 'min', evaluators } });

    const { confidence } = await evaluate({ evaluators: ['in-two-ways'] }, { script: { text: 'hola' } });

    // The judge is sure by 0.8, a rule always.
    expect(confidence).toBe(0.8);
  });

  it('a shaky judge is asked several times, and its spread is kept', async () => {
    answer = ({ body }) => judged([1, 3, 5][body.sample - 1]!);
    const used: Usage[] = [];

    const result = await evaluate(
      { evaluators: ['shaky'] },
      { script: { text: 'hola' } },
      { onUsage: (one: Usage) => used.push(one) },
    );

    expect(result.opinions[0]).toMatchObject({ score: 0.5, votes: [0, 0.5, 1], spread: 1 });
    expect(new Set(asked.map(({ key }) => key)).size).toBe(3);
    expect(used).toHaveLength(3);
  });

  it('passes what is as good as its threshold, however many parts the score has', async () => {
    // In binary fractions the mean of three times 0.7 is a little less than 0.7.
    await publish({ id: 'seven', type: 'rule', with: { rules: [{ use: 'expression', expression: '0.7' }] } });
    const rules = Array.from({ length: 3 }, () => ({ use: 'expression', expression: '0.7' }));
    await publish({ id: 'sevens', type: 'rule', with: { rules } });
    const parts = Array.from({ length: 3 }, () => ({ evaluator: 'seven' }));
    await publish({ id: 'seven-by-three', type: 'composite', with: { combine: 'mean', evaluators: parts } });
    await publish({
      id: 'of-ten',
      type: 'model',
      with: { prompt: 'judge', inputs: {}, scale: [0, 10], votes: 3 },
    });
    answer = () => judged(7, 7, 7);

    const { opinions, ...together } = await evaluate(
      { evaluators: ['sevens', 'seven-by-three', 'of-ten'], passAt: 0.7 },
      {},
    );
    const weighted = await evaluate(
      {
        evaluators: ['seven', 'seven', 'seven'],
        combine: 'weighted',
        weights: [0.1, 0.2, 0.3],
        passAt: 0.7,
      },
      {},
    );

    expect(opinions.map(({ score, verdict }) => [score, verdict])).toEqual([
      [0.7, 'pass'],
      [0.7, 'pass'],
      [0.7, 'pass'],
    ]);
    expect(opinions[2]!.criteria[0]!.score).toBe(0.7);
    expect([together.score, together.verdict, weighted.verdict]).toEqual([0.7, 'pass', 'pass']);
  });

  it('a rule whose expression cannot be computed fails at once, and is not tried again', async () => {
    await publish({
      id: 'compares',
      type: 'rule',
      with: { rules: [{ use: 'expression', expression: 'script.text > 3' }] },
    });

    const judging = evaluate({ evaluators: ['compares'] }, { script: { text: 'hola' } });

    await expect(judging).rejects.toMatchObject({
      name: 'BlockFailure',
      code: 'expression-failed',
      retryable: false,
    });
  });

  it('a second attempt asks with the same keys, another payload with others', async () => {
    const ask = (key: string) => evaluate({ evaluators: ['natural'] }, { script: { text: 'hola' } }, { key });
    await ask('script=1');
    await ask('script=1');
    await ask('script=2');

    const [first, second, third] = asked.map(({ key }) => key);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('and cost what was paid for an answer that is no judgement', async () => {
    const used: Usage[] = [];
    answer = () => ({
      status: 200,
      body: { prompt: 'judge@7', value: { text: 'no judge' }, usage: [usage] },
    });

    const judged = evaluate(
      { evaluators: ['natural'] },
      { script: { text: 'x' } },
      {
        ...{ run: RUN, task: TASK, attempt: 3, onUsage: (one: Usage) => used.push(one) },
      },
    );

    await expect(judged).rejects.toMatchObject({ code: 'invalid-judgement' });
    expect(used).toEqual([usage]);
    // By these llm-runner tells the run what it pays for an answer that never gets here.
    expect(asked.map(({ body }) => body)).toMatchObject([{ run: RUN, task: TASK, attempt: 3 }]);
  });

  it.each<[number, object, string, boolean]>([
    [503, { code: 'rate-limited', detail: 'later' }, 'rate-limited', true],
    [422, { code: 'missing-variable', detail: 'no text' }, 'missing-variable', false],
    [200, { value: { text: 'no judge' } }, 'invalid-judgement', false],
    [200, { value: { criteria: [{ name: 'a', score: 'high', reason: 'r' }] } }, 'invalid-judgement', false],
    [200, { value: { criteria: [{ name: 'a', score: 4 }] } }, 'invalid-judgement', false],
    [200, { value: { criteria: [{ name: 'a', score: 7, reason: 'r' }] } }, 'invalid-judgement', false],
    [200, { value: { criteria: [{ name: 'a', score: 0.8, reason: 'r' }] } }, 'invalid-judgement', false],
    [
      200,
      { value: { criteria: [{ name: 'a', score: 4, reason: 'r' }], confidence: 2 } },
      'invalid-judgement',
      false,
    ],
  ])('a judge that answers %d %j fails as %s', async (status, body, code, retryable) => {
    answer = () => ({ status, body });

    await expect(evaluate({ evaluators: ['natural'] }, { script: { text: 'x' } })).rejects.toMatchObject({
      code,
      retryable,
    });
  });

  it('a judge that waits for its turn takes no time of the attempt, and says so while it does', async () => {
    const told = (event: string, data: object): string =>
      `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    const order: string[] = [];
    let streaming: ServerResponse | undefined;
    streamed = (response) => {
      streaming = response;
      response.write(`: here\n\n${told('waiting', {})}`);
    };
    const untimed = async <T>(wait: () => Promise<T>): Promise<T> => {
      order.push('stands still');
      const waiting = wait();
      streaming!.write(told('working', {}).slice(0, 9));
      streaming!.write(told('working', {}).slice(9));
      const ended = await waiting;
      order.push('goes on');
      streaming!.end(told('done', judged(5, 3).body));
      return ended;
    };

    const result = await evaluate({ evaluators: ['natural'] }, { script: { text: 'hola' } }, { untimed });

    expect(order).toEqual(['stands still', 'goes on']);
    expect(result.score).toBeCloseTo(0.75);
  });

  it('a judge that is refused by the vendor for its rate is asked again when the vendor says', async () => {
    const problem = { status: 503, code: 'rate-limited', detail: 'Slower', afterMs: 1500 };
    streamed = (response) => void response.end(`event: failed\ndata: ${JSON.stringify(problem)}\n\n`);

    await expect(evaluate({ evaluators: ['natural'] }, { script: { text: 'x' } })).rejects.toMatchObject({
      ...{ code: 'rate-limited', retryable: true, afterMs: 1500 },
    });
  });

  it.each(['event: waiting\ndata: {}\n\n', 'event: done\ndata: {"val', ''])(
    'a judge that breaks off after %j is asked again',
    async (said) => {
      streamed = (response) => void response.write(said || ': here\n\n', () => response.destroy());

      await expect(evaluate({ evaluators: ['natural'] }, { script: { text: 'x' } })).rejects.toMatchObject({
        ...{ code: 'llm-runner-away', retryable: true },
      });
    },
  );

  it('a composite asks others, each by its own threshold, and one that holds itself is refused', async () => {
    await publish({
      id: 'both',
      type: 'composite',
      with: { evaluators: [{ evaluator: 'short', weight: 3 }, { evaluator: 'polite' }], combine: 'weighted' },
    });
    await publish({
      id: 'lenient',
      type: 'composite',
      with: {
        evaluators: [{ evaluator: 'short', passAt: 0.5 }, { evaluator: 'polite' }],
        combine: 'all-must-pass',
      },
    });
    await publish({
      id: 'strict',
      type: 'composite',
      with: { evaluators: [{ evaluator: 'short' }, { evaluator: 'polite' }], combine: 'all-must-pass' },
    });
    const circle = {
      id: 'circle',
      type: 'composite',
      with: { evaluators: [{ evaluator: 'circle' }], combine: 'mean' },
    };
    const payload = { script: { text: 'uno dos tres cuatro cinco seis' } };

    expect((await evaluate({ evaluators: ['both'] }, payload)).score).toBeCloseTo(0.625, 5);
    expect((await evaluate({ evaluators: ['lenient'] }, payload)).score).toBeCloseTo(0.75, 5);
    expect((await evaluate({ evaluators: ['strict'] }, payload)).score).toBe(0);
    await expect(publish(circle)).rejects.toMatchObject({
      errors: [{ code: 'unknown-evaluator', field: 'with.evaluators.0.evaluator' }],
    });
    await expect(evaluate({ evaluators: ['none'] }, payload)).rejects.toMatchObject({
      code: 'unknown-evaluator',
    });
    await expect(evaluate({ evaluators: ['short'] }, {})).rejects.toThrow('script.text');
  });

  it('and says which versions of judges and parts were asked, however deep they are', async () => {
    const composite = (id: string, ...parts: string[]) =>
      publish({
        ...{ id, type: 'composite' },
        with: { evaluators: parts.map((evaluator) => ({ evaluator })), combine: 'mean' },
      });
    await composite('inner', 'natural', 'short');
    await composite('outer', 'inner', 'polite');
    answer = () => judged(4);

    const { opinions } = await evaluate({ evaluators: ['outer', 'short'] }, { script: { text: 'uno' } });

    const parts = ['inner@1', 'natural@1', 'polite@1', 'short@1'];
    expect(opinions[0]).toMatchObject({ evaluator: 'outer@1', prompts: ['judge@7'], parts });
    expect(opinions[1]).not.toHaveProperty('prompts');
  });

  it('a composite asks the versions that its parts had when it was published, until it is published again', async () => {
    const part = (max: number) => ({
      ...{ id: 'part', type: 'rule', passAt: 1 },
      with: { rules: [{ use: 'length', text: '{{script.text}}', min: 1, max }] },
    });
    const whole = {
      id: 'whole',
      type: 'composite',
      with: { evaluators: [{ evaluator: 'part' }], combine: 'mean' },
    };
    const payload = { script: { text: 'uno dos tres cuatro' } };
    await publish(part(4));
    await publish(whole);
    await publish(part(1));

    const pinned = await evaluate({ evaluators: ['whole'] }, payload);
    const again = await publish(whole);
    const moved = await evaluate({ evaluators: ['whole'] }, payload);
    const old = await evaluate({ evaluators: ['whole@1'] }, payload);
    const unchanged = await publish(whole);

    const parts = [pinned, moved, old].map(({ opinions }) => opinions[0]!.criteria[0]!.name);
    expect(parts).toEqual(['part@1', 'part@2', 'part@1']);
    expect([pinned.score, old.score]).toEqual([1, 1]);
    expect(moved.score).toBeLessThan(1);
    expect([again, unchanged]).toMatchObject([
      { version: 2, created: true },
      { version: 2, created: false },
    ]);
    const events = (await published.until(13)).map(
      ({ data }) => data as { id: string; uses?: { reference: string }[] },
    );
    expect(events.filter(({ id }) => id === 'whole').map(({ uses }) => uses![0]!.reference)).toEqual([
      ...['part@1', 'part@2'],
    ]);
  });

  it.each([
    [{ type: 'model', with: { prompt: 'judge', scale: [1, 1] } }, 'with.scale'],
    [{ type: 'model', with: { prompt: 'judge', scale: [5, 1] } }, 'with.scale'],
    ...[0, -1].map(
      (weight) =>
        [
          { type: 'composite', with: { evaluators: [{ evaluator: 'short', weight }], combine: 'weighted' } },
          'with.evaluators.0.weight',
        ] as const,
    ),
  ])('publishing refuses %j, which could give no score', async (definition, field) => {
    await expect(publish({ id: 'scoreless', ...definition })).rejects.toMatchObject({ errors: [{ field }] });
  });

  it('publishing refuses what no rule knows, and tells new versions with what they read', async () => {
    const rules = (...list: object[]) => ({ id: 'new', type: 'rule', with: { rules: list } });

    await expect(publish(rules({ use: 'lenght' }))).rejects.toThrow('did you mean "length"');
    await expect(publish(rules({ use: 'length', text: 'x', most: 3 }))).rejects.toThrow(
      'no parameter "most"',
    );
    await expect(publish(rules({ use: 'length', text: 'x' }))).rejects.toThrow('needs "max"');
    await expect(publish(rules({ use: 'matches', text: 'x', pattern: '(' }))).rejects.toMatchObject({
      errors: [{ code: 'invalid-pattern', field: 'with.rules.0.pattern' }],
    });
    const first = await publish(rules({ use: 'length', text: '{{script.text}}', max: 3 }));
    const again = await publish(rules({ use: 'length', text: '{{script.text}}', max: 3 }));
    const second = await publish(rules({ use: 'length', text: '{{script.text}}', max: 4 }));

    expect([first, again, second].map(({ version, created }) => [version, created])).toEqual([
      [1, true],
      [1, false],
      [2, true],
    ]);
    const events = (await published.until(13)).map(({ data }) => data as { id: string; reads: string[] });
    expect(events.filter(({ id }) => id === 'new')).toHaveLength(2);
    expect(events.find(({ id }) => id === 'new')!.reads).toEqual(['script']);
  });
});

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
