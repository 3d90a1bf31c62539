import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { llmRunnerService } from '../src/llm-runner.module.js';
import { aPrompt } from './library-of-spec.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Another server, on this machine: the one host that the service may ask though it is not public. */
class Web {
  asked = 0;
  host = '';
  readonly #server = createServer((request, response) => {
    this.asked += 1;
    const { url = '' } = request;
    const to = { '/moved': '/map.png', '/for-ever': '/for-ever', '/inwards': 'http://127.0.0.3/map.png' }[
      url
    ];
    const type = { '/map.png': 'image/png', '/lie': 'image/png', '/huge': 'image/png', '/page': 'text/html' }[
      url
    ];
    if (to !== undefined) response.writeHead(302, { location: to }).end();
    else if (type === undefined) response.writeHead(404).end();
    else
      response
        .writeHead(200, { 'content-type': type })
        .end(
          url === '/map.png'
            ? PNG
            : url === '/huge'
              ? Buffer.concat([PNG, Buffer.alloc(10_000_000)])
              : 'hello',
        );
  });

  async listen(): Promise<void> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    this.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
  }
}

describe('a prompt is tried', () => {
  const web = new Web();
  const database = useDatabase('llm_runner', llmRunnerService.migrations);
  let bus: LocalBus;
  let service: ServiceUnderTest;
  const definition = aPrompt({
    id: 'tried',
    steps: [
      { type: 'user', text: 'Think about {{topic}}.' },
      { type: 'assistant', generate: true },
      { type: 'user', text: 'What is it? {{image:picture}}' },
    ],
  });
  const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${service.url}/api/prompt-runs${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  beforeAll(async () => {
    bus = new LocalBus({ log: quietLog });
    await web.listen();
    const env = { DUOFACTORY_IMAGE_HOSTS: web.host };
    service = await startForTest(llmRunnerService, { bus, databaseUrl: database.url, env });
    await bus.start();
  });
  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    web.close();
  });

  it('without being published, and first shown as it would be sent', async () => {
    const picture = await service.objects.put(Buffer.from('pixels'), 'image/png');

    const shown = await post('/preview', { definition, variables: { topic: 'cats', picture } });

    const user = (text: string, more: object = {}) => ({ role: 'user', text, ...more });
    const thought = { role: 'assistant', text: '<answer of step 2>' };
    expect(await shown.json()).toMatchObject({
      calls: [
        { step: 'step 2', request: { messages: [user('Think about cats.')] } },
        {
          step: 'answer',
          request: {
            messages: [user('Think about cats.'), thought, user('What is it?', { images: [picture] })],
          },
        },
      ],
    });
  });

  it('with what nothing gives left as it is written and named, where that is asked for', async () => {
    const steps = [
      { type: 'system' as const, text: 'About {{topic}} for {{unit.level}}.' },
      { type: 'user' as const, text: 'What is it? {{image:picture}}' },
    ];
    const question = { definition: aPrompt({ id: 'tried', steps }), variables: { topic: 'cats', unit: 'A' } };

    const shown = await post('/preview', { ...question, leaveUnfilled: true });

    expect(await shown.json()).toMatchObject({
      unfilled: ['unit.level', 'image:picture'],
      calls: [
        {
          request: {
            messages: [
              { text: 'About cats for {{unit.level}}.' },
              { text: 'What is it?', images: [{ mediaType: 'image/unfilled' }] },
            ],
          },
        },
      ],
    });
    const refused = await post('/preview', question);
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({ code: 'missing-variable' });
  });

  it('as a block was given it, its own inputs before what it reads', async () => {
    const given = {
      with: { prompt: 'tried', inputs: { topic: 'cats' } },
      payload: { key: 'brief=1', blockResults: { topic: 'dogs', brief: { name: 'a' } } },
      inputs: { topic: 'birds', level: 'A1' },
    };
    const steps = [{ type: 'user' as const, text: '{{topic}} of {{brief.name}} for {{level}}' }];

    const shown = await post('/preview', { definition: aPrompt({ id: 'tried', steps }), input: given });

    expect(await shown.json()).toMatchObject({
      prompt: 'tried@0',
      calls: [{ step: 'answer', request: { messages: [{ text: 'cats of a for A1' }] } }],
    });
    const refused = await post('/preview', { input: { ...given, with: { prompt: 'No name' } } });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      errors: [{ field: 'input.with.prompt', message: expect.stringContaining('id@7') }],
    });
    const { with: _, ...withoutPrompt } = given;
    const incomplete = await post('/preview', {
      definition: aPrompt({ id: 'tried', steps }),
      input: withoutPrompt,
    });
    expect(incomplete.status).toBe(400);
    expect(await incomplete.json()).toMatchObject({ errors: [{ field: 'input.with' }] });
  });

  it('with its answer as it comes, and what it cost; asked again by the same key it costs nothing', async () => {
    const picture = await service.objects.put(Buffer.from('pixels'), 'image/png');
    const ask = async (): Promise<{ event: string; data: Record<string, unknown> }[]> => {
      const headers = { 'idempotency-key': 'try-1', accept: 'text/event-stream' };
      const response = await post('', { definition, variables: { topic: 'cats', picture } }, headers);
      expect(response.headers.get('content-type')).toBe('text/event-stream');
      const blocks = (await response.text()).trim().split('\n\n');
      return blocks.map((block) => {
        const [event, data] = block.split('\n').map((line) => line.slice(line.indexOf(': ') + 2));
        return { event: event!, data: JSON.parse(data!) as Record<string, unknown> };
      });
    };

    const first = await ask();
    const again = await ask();

    expect(first.map(({ event }) => event)).toEqual(['text', 'text', 'done']);
    expect(first.map(({ data }) => data['step'])).toEqual(['step 2', 'answer', undefined]);
    const { value, prompt, usage } = first[2]!.data;
    expect(value).toEqual({ text: first[1]!.data['text'] });
    expect([prompt, usage]).toEqual([
      'tried@0',
      [expect.objectContaining({ saved: false }), expect.anything()],
    ]);
    expect(again[2]!.data).toMatchObject({ value, usage: [{ saved: true }, { saved: true }] });
  });

  it('and told what is wrong with it, by name', async () => {
    const noPicture = await post('/preview', { definition, variables: { topic: 'cats', picture: 'a cat' } });
    const images = [{ type: 'system', text: 'Look: {{image:picture}}' }];
    const misplaced = await post('/preview', { definition: { ...definition, steps: images }, variables: {} });
    const missing = await post(
      '',
      { definition, variables: {} },
      { 'idempotency-key': 'k', accept: 'text/event-stream' },
    );

    expect([noPicture.status, await noPicture.json()]).toMatchObject([422, { code: 'invalid-image' }]);
    expect([misplaced.status, await misplaced.json()]).toMatchObject([
      422,
      { errors: [{ code: 'image-not-of-user', field: 'steps.0.text' }] },
    ]);
    expect(await missing.text()).toContain(
      'event: failed\ndata: {"type":"urn:duofactory:problem:missing-variable"',
    );
  });

  it('with what it may take and cost, for as many samples', async () => {
    const picture = await service.objects.put(Buffer.from('pixels'), 'image/png');
    const bounded = { ...definition, model: { name: 'default', maxOutputTokens: 50 } };
    const ask = async (samples: number) =>
      (
        await post('/preview', { definition: bounded, variables: { topic: 'cats', picture }, samples })
      ).json();

    const [one, three] = [await ask(1), await ask(3)] as { estimate: { inputTokens: number } }[];

    expect(one).toMatchObject({ estimate: { outputTokens: 100, cost: 0 } });
    expect(one!.estimate.inputTokens).toBeGreaterThan(5);
    expect(three).toMatchObject({
      estimate: { outputTokens: 300, inputTokens: 3 * one!.estimate.inputTokens },
    });
  });

  it('with an image that a person brings, and with nothing that only says that it is one', async () => {
    const png = PNG;
    const send = (bytes: Buffer, type: string): Promise<Response> =>
      fetch(`${service.url}/api/prompt-runs/images`, {
        ...{ method: 'POST', headers: { 'content-type': type }, body: new Uint8Array(bytes) },
      });

    const stored = await send(png, 'image/png');
    const picture = (await stored.json()) as object;
    const shown = await post('/preview', { definition, variables: { topic: 'cats', picture } });

    expect([stored.status, picture]).toMatchObject([201, { mediaType: 'image/png', sizeBytes: png.length }]);
    expect(shown.status).toBe(200);
    for (const [bytes, type, status, code] of [
      [Buffer.from('<svg onload="x()"/>'), 'image/png', 422, 'invalid-image'],
      [png, 'image/svg+xml', 415, 'unknown-media-type'],
      [Buffer.concat([png, Buffer.alloc(10_000_000)]), 'image/png', 413, 'image-too-large'],
    ] as const) {
      const refused = await send(bytes, type);
      expect([refused.status, await refused.json()]).toMatchObject([status, { code }]);
    }
  });

  it('with an image that a person names by its address, and with none of the house', async () => {
    const sent = (path: string) => post('/images/fetched', { url: `http://${web.host}${path}` });

    const stored = await sent('/moved');
    const picture = (await stored.json()) as object;
    expect([stored.status, picture]).toMatchObject([201, { mediaType: 'image/png', sizeBytes: PNG.length }]);
    expect((await post('/preview', { definition, variables: { topic: 'cats', picture } })).status).toBe(200);
    for (const [path, status, code] of [
      ['/page', 415, 'unknown-media-type'],
      ['/lie', 422, 'invalid-image'],
      ['/huge', 413, 'image-too-large'],
      ['/nothing', 422, 'image-not-fetched'],
      ['/for-ever', 422, 'image-not-fetched'],
      ['/inwards', 422, 'image-not-fetched'],
    ] as const) {
      const refused = await sent(path);
      expect([refused.status, await refused.json()]).toMatchObject([
        status,
        { code, errors: [{ field: 'url' }] },
      ]);
    }

    // Whatever a name says and however a number is written: what is not public is not asked.
    const { port } = new URL(`http://${web.host}`);
    const asked = web.asked;
    for (const host of [
      `localhost:${port}`,
      `127.0.0.2:${port}`,
      `2130706434:${port}`,
      `[::1]:${port}`,
      `[::ffff:127.0.0.1]:${port}`,
      '169.254.169.254',
      '10.0.0.1',
      `a:b@${web.host}`,
    ]) {
      const refused = await post('/images/fetched', { url: `http://${host}/map.png` });
      expect([host, await refused.json()]).toMatchObject([host, { code: 'image-not-fetched' }]);
    }
    expect(web.asked).toBe(asked);
    const file = await post('/images/fetched', { url: 'file:///etc/passwd' });
    expect(await file.json()).toMatchObject({ code: 'image-not-fetched' });
  });

  it('and mended where it is wrong: each fault has its place in the text and what to write instead', async () => {
    const text = 'A {{ my topic }} and {{image:picture}} for {{unit.levle}}, {{unit.level}}';
    const steps = [{ type: 'user', text }];
    const check = async (body: object) =>
      (await (await post('/check', body)).json()) as Record<'errors' | 'warnings', Fault[]>;
    interface Fault {
      readonly code: string;
      readonly from: number;
      readonly to: number;
      readonly fix: { readonly text: string };
    }

    const { errors, warnings, ...rest } = await check({
      definition: aPrompt({ id: 'tried', steps: steps as never }),
      known: ['unit.level', 'picture'],
    });

    expect(rest).toEqual({ variables: ['image:picture', 'unit.levle', 'unit.level'] });
    expect([...errors, ...warnings].map(({ code, from, to }) => [code, text.slice(from, to)])).toEqual([
      ['invalid-variable', '{{ my topic }}'],
      ['image-not-last', '{{image:picture}}'],
      ['unknown-variable', '{{unit.levle}}'],
    ]);
    expect([...errors, ...warnings].map(({ fix }) => fix.text)).toEqual([
      text.replace('{{ my topic }}', '{{my_topic}}'),
      'A {{ my topic }} and  for {{unit.levle}}, {{unit.level}}\n{{image:picture}}',
      text.replace('levle', 'level'),
    ]);
  });

  it('by all that a block was given, its own inputs before the rest', async () => {
    const input = {
      with: { prompt: 'tried', inputs: { topic: 'cats' } },
      payload: { key: 'brief=1', blockResults: { topic: 'dogs', brief: { name: 'a' } } },
      inputs: { level: 'A1' },
    };

    const answer = await post('/variables', { input });

    expect(await answer.json()).toEqual({
      variables: { topic: 'cats', brief: { name: 'a' }, level: 'A1' },
    });
  });
});
