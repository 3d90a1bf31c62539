import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { until } from '@duofactory/testing/network';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestReport } from '../src/app/golden/test-report.js';
import { evaluatorService } from '../src/evaluator.module.js';

interface Asked {
  readonly key: string;
  readonly prompt: string;
  readonly text: string;
  readonly sample: number;
}

interface Shown {
  readonly id: string;
  readonly status: string;
  readonly done: number;
  readonly total: number;
  readonly goldenSet: string;
  readonly evaluators: string[];
  readonly error: { code: string } | null;
  readonly report: TestReport | null;
}

describe('evaluators are tested like code', () => {
  const database = useDatabase('evaluator', evaluatorService.migrations);
  let bus: LocalBus;
  let service: ServiceUnderTest;
  let llmRunner: Server;
  let asked: Asked[] = [];
  /** The score that the judge gives, from 1 to 5; undefined: it never answers. */
  let judge: (asked: Asked) => number | Error | undefined;

  const start = (): Promise<ServiceUnderTest> => {
    const url = `http://127.0.0.1:${(llmRunner.address() as AddressInfo).port}`;
    return startForTest(evaluatorService, { bus, databaseUrl: database.url, urls: { llmRunner: url } });
  };

  /** Of the prompt "judge", the latest first. */
  const prompts = [{ version: 1 }];

  beforeAll(async () => {
    llmRunner = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => (text += chunk.toString()));
      request.on('end', () => {
        if (request.method === 'GET') {
          const [id, which = prompts[0]?.version] = request.url!.split('/').at(-1)!.split('@');
          const known = id === 'judge' && prompts.some(({ version }) => version === Number(which));
          response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' });
          response.end(JSON.stringify(known ? { id, version: Number(which) } : { code: 'unknown-prompt' }));
          return;
        }
        const body = JSON.parse(text) as { prompt: string; variables: { text: string }; sample: number };
        const one = {
          key: String(request.headers['idempotency-key']),
          ...{ prompt: body.prompt, text: body.variables.text, sample: body.sample },
        };
        const isReplay = asked.some(({ key }) => key === one.key);
        asked.push(one);
        const score = judge(one);
        if (score === undefined) return;
        const usage = {
          ...{ kind: 'model', provider: 'p', model: 'm', units: {}, saved: isReplay },
          cost: { amount: 0.01, currency: 'USD' },
        };
        const isFault = score instanceof Error;
        const answer = isFault
          ? { code: score.message, detail: 'no' }
          : { value: { criteria: [{ name: 'c', score, reason: `said ${score}` }] }, usage: [usage] };
        response.writeHead(isFault ? 422 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => llmRunner.listen(0, '127.0.0.1', resolve));
    bus = new LocalBus({ log: quietLog });
    service = await start();
    await bus.start();
    const strict = (passAt: number) => ({
      ...{ kind: 'evaluator', id: 'natural', type: 'model', passAt },
      with: { prompt: 'judge', inputs: { text: '{{script.text}}' }, scale: [1, 5] },
    });
    await publish('evaluators', strict(0.5));
    await publish('evaluators', strict(0.9));
    await publish('evaluators', {
      ...{ kind: 'evaluator', id: 'short', type: 'rule', passAt: 1 },
      with: { rules: [{ use: 'length', text: '{{script.text}}', min: 1, max: 2 }] },
    });
    await publish('golden-sets', {
      kind: 'golden-set',
      id: 'small',
      evaluators: ['natural', 'short'],
      given: { script: { text: 'of the set' } },
      cases: [
        {
          id: 'good',
          verdict: 'pass',
          course: 'en-es',
          judgedOn: '2026-11-30',
          given: { script: { text: 'good' } },
        },
        { id: 'fair', verdict: 'pass', course: 'fr-en', given: { script: { text: 'fair' } } },
        { id: 'poor', verdict: 'fail', given: { script: { text: 'poor' } } },
        { id: 'long', verdicts: { short: 'fail' }, given: {} },
      ],
    });
  });

  beforeEach(() => {
    asked = [];
    judge = ({ text }) => ({ good: 5, fair: 4, poor: 1 })[text] ?? 3;
  });

  afterAll(async () => {
    llmRunner.closeAllConnections();
    llmRunner.close();
    await bus.drain();
    await service.stop();
    await bus.stop();
  });

  const request = async (method: string, path: string, body?: object, headers = {}) => {
    const response = await fetch(`${service.url}/api/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const publish = async (
    resource: string,
    definition: { id: string } & Record<string, unknown>,
  ): Promise<void> => {
    const answer = await request('POST', `${resource}/${definition.id}/versions`, { definition });
    expect(answer).toMatchObject({ status: 201 });
  };
  const ended = async (id: unknown): Promise<Shown> => {
    let shown: Shown;
    await until(async () => {
      shown = (await request('GET', `evaluator-tests/${id as string}`)).body as unknown as Shown;
      return shown.status !== 'running';
    });
    return shown!;
  };
  const tested = async (body: object): Promise<Shown> => {
    const started = await request('POST', 'evaluator-tests', body);
    expect(started.status).toBe(202);
    return ended(started.body['id']);
  };

  it('against the verdicts of people, each evaluator by the cases that are judged for it', async () => {
    const { report, ...test } = await tested({ goldenSet: 'small' });

    expect(test).toMatchObject({
      ...{ status: 'done', goldenSet: 'small@1', done: 7, total: 7 },
      evaluators: ['natural@2', 'short@1'],
    });
    const [natural, short] = report!.versions;
    expect(natural).toMatchObject({
      ...{ cases: 3, failed: 0, evaluator: 'natural@2' },
      confusion: { passPass: 1, passFail: 1, failPass: 0, failFail: 1 },
      precision: { value: 1 },
      recall: { value: 0.5 },
      kappa: { value: expect.closeTo(0.4, 5) },
      cost: { amount: expect.closeTo(0.03, 5), saved: 0, unpriced: 0 },
    });
    expect(natural!.results[0]).toEqual({
      ...{ case: 'good', human: 'pass', verdict: 'pass', score: 1, votes: [1], error: null },
      ...{ course: 'en-es', judgedOn: '2026-11-30' },
      reasons: ['said 5'],
    });
    expect(short!.results.map((one) => [one.case, one.verdict])).toEqual([
      ['good', 'pass'],
      ['fair', 'pass'],
      ['poor', 'pass'],
      ['long', 'fail'],
    ]);
  });

  it('and tells what would pass with another threshold, and asks nothing again for it', async () => {
    const { id } = await tested({ goldenSet: 'small', evaluators: ['natural'] });
    const before = asked.length;
    const at = async (passAt: unknown, evaluator = 'natural@2') =>
      request('GET', `evaluator-tests/${id}/agreement?evaluator=${evaluator}&passAt=${String(passAt)}`);

    const lower = await at(0.7);
    const none = await at(0);

    expect(lower.body).toMatchObject({
      ...{ passAt: 0.7, passes: 2, changed: ['fair'], falsePasses: [], falseFails: [] },
      confusion: { passPass: 2, passFail: 0, failPass: 0, failFail: 1 },
      kappa: { value: 1 },
    });
    expect(none.body).toMatchObject({ passes: 3, falsePasses: [{ case: 'poor', score: 0 }] });
    expect((await at(0.9)).body).toMatchObject({
      changed: [],
      falseFails: [{ case: 'fair', verdict: 'fail' }],
    });
    expect(asked).toHaveLength(before);
    expect(await at('x')).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(await at(0.5, 'short@1')).toMatchObject({ status: 422, body: { code: 'not-tested' } });
  });

  it('in two versions, with the cases that flip between them', async () => {
    const { report } = await tested({ goldenSet: 'small@1', evaluators: ['natural@1', 'natural@2'] });

    expect(report!.versions.map(({ evaluator, kappa }) => [evaluator, kappa.value])).toEqual([
      ['natural@1', 1],
      ['natural@2', expect.closeTo(0.4, 5)],
    ]);
    expect(report!.flippedBetweenVersions).toEqual([
      { case: 'fair', human: 'pass', verdicts: { 'natural@1': 'pass', 'natural@2': 'fail' } },
    ]);
  });

  it('more than once, with the cases that flip between votes', async () => {
    judge = ({ text, sample }) => (text === 'fair' && sample === 2 ? 1 : text === 'poor' ? 1 : 5);

    const { id, report, total } = await tested({ goldenSet: 'small', evaluators: ['natural'], repeats: 3 });

    expect(total).toBe(9);
    expect(report!.versions[0]!.flippedBetweenVotes).toEqual(['fair']);
    expect(report!.versions[0]!.results[1]).toMatchObject({
      case: 'fair',
      votes: [1, 0, 1],
      verdict: 'fail',
    });
    expect(new Set(asked.map(({ key }) => key)).size).toBe(9);
    const { body } = await request('GET', `evaluator-tests/${id}/agreement?evaluator=natural@2&passAt=0.5`);
    expect(body['flips']).toMatchObject({
      ...{ cases: 3, flipped: [{ case: 'fair' }] },
      rate: { value: expect.closeTo(1 / 3, 5) },
    });
    expect(body['byCourse']).toMatchObject([
      { name: 'en-es', cases: 1 },
      { name: 'fr-en', cases: 1 },
    ]);
    expect(body['byWeek']).toMatchObject([{ name: '2026-W49', cases: 1 }]);
  });

  it('again for nothing: the same questions have the same keys', async () => {
    const first = await tested({ goldenSet: 'small', evaluators: ['natural@1'] });
    const again = await tested({ goldenSet: 'small', evaluators: ['natural@1'] });

    expect(first.report!.versions[0]!.cost).toMatchObject({ amount: expect.closeTo(0.03, 5), saved: 0 });
    expect(again.report!.versions[0]!.cost).toMatchObject({ amount: 0, saved: expect.closeTo(0.03, 5) });
  });

  it('also where a judge does not answer: the case says why and is in no figure', async () => {
    judge = ({ text }) => (text === 'fair' ? new Error('context-too-long') : 5);

    const { report, status } = await tested({ goldenSet: 'small', evaluators: ['natural'] });

    expect(status).toBe('done');
    expect(report!.versions[0]).toMatchObject({ cases: 2, failed: 1 });
    expect(report!.versions[0]!.results[1]).toMatchObject({
      ...{ case: 'fair', verdict: null, score: null },
      error: { code: 'context-too-long' },
    });
  });

  it('over a stop of the service: the next one begins the test again', async () => {
    judge = ({ text }) => (text === 'poor' ? undefined : 5);
    const started = await request('POST', 'evaluator-tests', { goldenSet: 'small', evaluators: ['natural'] });
    await until(async () => asked.length === 3);
    await service.stop();
    await database.current.query({
      text: `UPDATE evaluator_tests SET claimed_until = created_at`,
      values: [],
    });
    judge = () => 5;
    service = await start();

    const test = await ended(started.body['id']);

    expect(test).toMatchObject({ status: 'done', done: 3, report: { versions: [{ cases: 3 }] } });
  });

  it('once for a key, and listed newest first', async () => {
    const body = { goldenSet: 'small', evaluators: ['short'] };
    const first = await request('POST', 'evaluator-tests', body, { 'idempotency-key': 'once' });
    await ended(first.body['id']);
    const second = await request('POST', 'evaluator-tests', body, { 'idempotency-key': 'once' });
    const page = await request('GET', 'evaluator-tests?goldenSet=small&limit=1');
    const rest = await request('GET', `evaluator-tests?cursor=${page.body['next'] as string}`);

    expect(second.body['id']).toBe(first.body['id']);
    expect(page.body['tests']).toEqual([expect.objectContaining({ id: first.body['id'] })]);
    expect((rest.body['tests'] as object[]).length).toBeGreaterThan(3);
  });

  it.each([
    [{ goldenSet: 'none' }, 404, 'unknown-golden-set'],
    [{ goldenSet: 'small', evaluators: ['none'] }, 404, 'unknown-evaluator'],
    [{ goldenSet: 'small', evaluators: [] }, 400, 'invalid-request'],
    [{ goldenSet: 'small', repeats: 0 }, 400, 'invalid-request'],
  ])('but not as %j', async (body, status, code) => {
    expect(await request('POST', 'evaluator-tests', body)).toMatchObject({ status, body: { code } });
  });

  it('by sets whose faults are named', async () => {
    const refused = await request('POST', 'golden-sets/validate', {
      definition: {
        ...{ kind: 'golden-set', id: 'bad', evaluators: ['natural'] },
        cases: [
          { id: 'a', given: {} },
          { id: 'a', judgedOn: '2026-02-31', verdicts: { shrot: 'pass' }, given: {} },
        ],
      },
    });

    expect((refused.body['errors'] as { field: string }[]).map(({ field }) => field)).toEqual([
      'cases.0.verdict',
      'cases.1.id',
      'cases.1.judgedOn',
      'cases.1.verdicts.shrot',
    ]);
  });

  it('by cases that people put into the draft of a set, each once, whoever else does at the same time', async () => {
    const source = 'kind: golden-set\n# Of teachers.\nid: grown\nevaluators: [short]\n';
    const cases = 'cases:\n  - { id: first, verdict: pass, given: { script: { text: a } } }\n';
    await request('POST', 'golden-sets/grown/versions', { yaml: source + cases });
    const add = (id: string, verdict: string, of: object = {}) =>
      request('POST', 'golden-sets/grown/draft/cases', {
        ...{ id, verdict, given: { script: { text: id } } },
        ...of,
      });

    const answers = await Promise.all([
      add('second', 'pass'),
      add('third', 'fail', { note: 'Dull', course: 'en-es', judgedOn: '2026-11-30' }),
    ]);
    await add('second', 'fail');

    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const { body } = await request('GET', 'golden-sets/grown/draft');
    expect(body['yaml']).toContain('# Of teachers.');
    expect(body['errors']).toEqual([]);
    const drafted = (body['definition'] as { cases: { id: string }[] }).cases;
    expect(drafted.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toMatchObject([
      { id: 'first', verdict: 'pass' },
      { id: 'second', verdict: 'fail', judgedOn: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/) },
      { id: 'third', verdict: 'fail', note: 'Dull', course: 'en-es', judgedOn: '2026-11-30' },
    ]);
    // A draft may hold anything; so does this one, for a while.
    const { revision } = body as { revision: number };
    await request(
      'PUT',
      'golden-sets/grown/draft',
      { definition: { id: 'grown', cases: [null] } },
      { 'if-match': `"${revision}"` },
    );
    const onRubble = await add('fourth', 'pass');
    expect([onRubble.status, (onRubble.body['definition'] as { cases: object[] }).cases]).toMatchObject([
      200,
      [null, { id: 'fourth' }],
    ]);
    const wrong = await add('Not An Id', 'maybe');
    expect([wrong.status, (wrong.body['errors'] as { field: string }[]).map(({ field }) => field)]).toEqual([
      400,
      ['id', 'verdict'],
    ]);
    expect(
      (await request('POST', 'golden-sets/none/draft/cases', { id: 'a', verdict: 'pass', given: {} })).status,
    ).toBe(404);
  });

  it('by the version of its prompt that was there when it was published, until it is published again', async () => {
    const judging = {
      ...{ kind: 'evaluator', id: 'pinned', type: 'model' },
      with: { prompt: 'judge', inputs: { text: '{{script.text}}' }, scale: [1, 5] },
    };
    await publish('golden-sets', {
      ...{ kind: 'golden-set', id: 'pinning', evaluators: ['pinned'] },
      cases: [{ id: 'good', verdict: 'pass', given: { script: { text: 'good' } } }],
    });
    const asks = async (evaluator: string): Promise<string[]> => {
      asked = [];
      await tested({ goldenSet: 'pinning', evaluators: [evaluator] });
      return [...new Set(asked.map(({ prompt }) => prompt))];
    };

    await publish('evaluators', judging);
    const before = await asks('pinned@1');
    prompts.unshift({ version: 2 });
    const after = await asks('pinned@1');
    const again = await request('POST', 'evaluators/pinned/versions', { definition: judging });
    const same = await request('POST', 'evaluators/pinned/versions', { definition: judging });
    const newer = await asks('pinned@2');
    const { body: shown } = await request('GET', 'evaluators/pinned@1');
    prompts.shift();

    expect([before, after, newer]).toEqual([['judge@1'], ['judge@1'], ['judge@2']]);
    expect(again.body).toMatchObject({ version: 2, created: true });
    expect(same.body).toMatchObject({ version: 2, created: false });
    expect(shown['pins']).toEqual({ judge: 'judge@1' });
  });

  it('and not at all by a prompt that is not there: it is told by name', async () => {
    const definition = {
      ...{ kind: 'evaluator', id: 'nobody', type: 'model' },
      with: { prompt: 'nothing', scale: [1, 5] },
    };

    const refused = await request('POST', 'evaluators/nobody/versions', { definition });

    expect(refused).toMatchObject({
      status: 422,
      body: { errors: [{ code: 'unknown-prompt', field: 'with.prompt' }] },
    });
  });
});
