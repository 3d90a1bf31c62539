import { hashJson } from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { readYaml } from '@duofactory/platform';
import { behindALock, quietLog, startForTest, useDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { llmRunnerService } from '../src/llm-runner.module.js';
import { aPrompt } from './library-of-spec.js';

interface Answer {
  readonly status: number;
  readonly etag: string;
  readonly body: Record<string, unknown> & { errors?: { code?: string; field: string }[] };
}

describe('prompts are kept', () => {
  const database = useDatabase('llm_runner', llmRunnerService.migrations);
  let bus: LocalBus;
  let service: ServiceUnderTest;

  beforeAll(async () => {
    bus = new LocalBus({ log: quietLog });
    service = await startForTest(llmRunnerService, { bus, databaseUrl: database.url });
    await bus.start();
  });
  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
  });

  const request = async (
    method: string,
    path: string,
    { body, ...headers }: { body?: unknown } & Record<string, unknown> = {},
  ): Promise<Answer> => {
    const response = await fetch(`${service.url}/api/prompts${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
      ...(method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(body ?? {}) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return {
      status: response.status,
      etag: response.headers.get('etag') ?? '',
      body: (isJson ? JSON.parse(text) : { text }) as Answer['body'],
    };
  };
  const saying = (id: string, text: string) => aPrompt({ id, steps: [{ type: 'user', text }] });
  const begin = (id: string, definition: object = saying(id, 'Say hello.')) =>
    request('PUT', `/${id}/draft`, { body: { definition }, 'if-none-match': '*' });
  const publish = (id: string, text: string) =>
    request('POST', `/${id}/versions`, { body: { definition: saying(id, text) } });

  it('as drafts that may be incomplete, say what is wrong, and which variables they read', async () => {
    const steps = [
      { type: 'user', text: '{{unit.level}}: {{topic}} {{image:picture}} and more' },
      { type: 'user', text: '{{topic}}' },
    ];

    const saved = await begin('unready', {
      kind: 'prompt',
      id: 'other',
      model: { name: 'default' },
      steps,
      output: 'text',
    });
    const published = await request('POST', '/unready/draft/publish', { 'if-match': saved.etag });

    expect(saved).toMatchObject({ status: 200, body: { revision: 1, latest: null, by: 'local' } });
    expect(saved.body['variables']).toEqual(['unit.level', 'topic', 'image:picture']);
    expect(saved.body.errors!.map(({ code, field }) => [code, field])).toEqual([
      ['image-not-last', 'steps.0.text'],
      ['id-differs', 'id'],
    ]);
    expect(published).toMatchObject({ status: 422, body: { code: 'invalid-definition' } });
    expect((await request('GET', '')).body['prompts']).toContainEqual(
      expect.objectContaining({
        id: 'unready',
        latest: null,
        draft: expect.objectContaining({ revision: 1 }),
      }),
    );
  });

  it('as drafts that change only by who has seen them: 428 without a tag, 412 with an old one', async () => {
    const first = await begin('seen');
    const change = (text: string) => ({ body: { definition: saying('seen', text) } });
    const second = await request('PUT', '/seen/draft', {
      ...change('second'),
      'if-match': first.etag,
      'x-duofactory-user': 'ana',
    });

    const untagged = await request('PUT', '/seen/draft', change('third'));
    const late = await request('PUT', '/seen/draft', { ...change('third'), 'if-match': first.etag });
    const again = await request('PUT', '/seen/draft', { ...change('third'), 'if-none-match': '*' });
    const gone = await request('DELETE', '/seen/draft', { 'if-match': first.etag });
    const published = await request('POST', '/seen/draft/publish', { 'if-match': first.etag });
    const restored = await request('POST', '/seen/draft/restore', {
      'if-match': first.etag,
      body: { revision: 1 },
    });
    const repeated = await request('PUT', '/seen/draft', { ...change('second'), 'if-match': first.etag });

    expect(untagged).toMatchObject({ status: 428, body: { code: 'precondition-required' } });
    expect(
      [late, again, gone, published, restored].map(({ status, body }) => [status, body['code']]),
    ).toEqual(Array.from({ length: 5 }, () => [412, 'draft-changed']));
    expect(late.body['detail']).toContain('saved by ana');
    expect(repeated).toMatchObject({ status: 200, etag: second.etag });
  });

  it('with what each author changed since the version that is published', async () => {
    await publish('turns', 'Say hello.');
    const save = (text: string, by: string, etag?: string) =>
      request('PUT', '/turns/draft', {
        body: { definition: saying('turns', text) },
        ...(etag ? { 'if-match': etag } : { 'if-none-match': '*' }),
        'x-duofactory-user': by,
      });
    const begun = await save('Say hello, twice.', 'ana');
    const ana = await save('Say hello twice.', 'ana', begun.etag);
    const ben = await save('Say it twice.', 'ben', ana.etag);

    const { body } = await request('GET', '/turns/draft/changes');

    const text = (by: string, of: typeof ana, before: string, after: string) => ({
      ...{ by, at: of.body['at'], revision: of.body['revision'] },
      changes: [expect.objectContaining({ path: 'steps.0.text', kind: 'changed', before, after })],
    });
    expect(body).toEqual({
      since: 1,
      authors: [
        text('ana', ana, 'Say hello.', 'Say hello twice.'),
        text('ben', ben, 'Say hello twice.', 'Say it twice.'),
      ],
    });
    expect(await request('GET', '/nobodys/draft/changes')).toMatchObject({ status: 404 });
  });

  it('with every save, which can be restored, also after the draft is gone', async () => {
    const first = await begin('restored', saying('restored', 'first'));
    const second = await request('PUT', '/restored/draft', {
      body: { definition: saying('restored', 'second') },
      'if-match': first.etag,
    });
    await request('DELETE', '/restored/draft', { 'if-match': second.etag });

    const back = await request('POST', '/restored/draft/restore', {
      'if-none-match': '*',
      body: { revision: 1 },
    });
    const unknown = await request('POST', '/restored/draft/restore', {
      'if-match': '*',
      body: { revision: 9 },
    });
    const published = await request('POST', '/restored/draft/publish', {
      'if-match': back.etag,
      body: { note: 'as before' },
    });
    const page = await request('GET', '/restored/draft/revisions?limit=2');
    const rest = await request('GET', `/restored/draft/revisions?cursor=${page.body['next'] as string}`);
    const beyond = await request('GET', '/restored/draft/revisions/99999999999');
    const asSaved = await request('GET', '/restored/draft/revisions/2');
    const again = await request('POST', '/restored/draft/publish', { 'if-match': back.etag });

    expect(back.body['definition']).toEqual(saying('restored', 'first'));
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'unknown-revision']);
    expect([beyond.status, beyond.body['code']]).toEqual([404, 'unknown-revision']);
    expect([published.body, again.body]).toEqual([
      { id: 'restored', version: 1, created: true },
      { id: 'restored', version: 1, created: false },
    ]);
    expect((page.body['revisions'] as object[]).concat(rest.body['revisions'] as object[])).toMatchObject([
      { revision: 3, version: 1 },
      { revision: 2, version: null },
      { revision: 1, version: null },
    ]);
    expect(asSaved.body['definition']).toEqual(saying('restored', 'second'));
    expect((await request('GET', '/restored/versions')).body['versions']).toMatchObject([
      { version: 1, note: 'as before', author: 'local', hash: hashJson(saying('restored', 'first')) },
    ]);
  });

  it('as one version, though the same is published twice at once', async () => {
    await publish('at-once', 'Say hello.');

    const published = await behindALock(
      database.current,
      `SELECT 1 FROM definitions WHERE id = 'at-once' FOR UPDATE`,
      [() => publish('at-once', 'Say goodbye.'), () => publish('at-once', 'Say goodbye.')],
    );

    expect(published.map(({ body }) => body['version'])).toEqual([2, 2]);
    expect(published.map(({ body }) => body['created']).sort()).toEqual([false, true]);
  });

  it('with comments that are changed alone: the version that says the same gets them, and no version is made', async () => {
    const yaml = (why: string): string =>
      `# ${why}\nkind: prompt\nid: told\nmodel: { name: default }\nsteps: [{ type: user, text: Hello. }]\noutput: text\n`;
    await request('POST', '/told/versions', { body: { yaml: yaml('Why') } });
    await request('PUT', '/told/draft', { body: { yaml: yaml('Why so') }, 'if-none-match': '*' });

    expect((await request('GET', '/told/draft/changes')).body).toMatchObject({ since: 1, authors: [] });
    const published = await request('POST', '/told/draft/publish', { 'if-match': '"1"' });

    expect(published.body).toMatchObject({ version: 1, created: false });
    expect((await request('GET', '/told')).body['yaml']).toBe(yaml('Why so'));
    // Of a definition alone nobody wrote a text.
    const { definition } = (await request('GET', '/told')).body;
    await request('POST', '/told/versions', { body: { definition } });
    expect((await request('GET', '/told')).body['yaml']).toBe(yaml('Why so'));
  });

  it('as the YAML that was written: its comments come back, and the export has the same hash', async () => {
    const yaml = [
      '# Says hello',
      'kind: prompt',
      'id: written',
      'model: { name: default } # the cheap one',
      'steps:',
      '  - type: user',
      '    text: "Say  hello.\\n"',
      'output: text',
      '',
    ].join('\n');

    const saved = await request('PUT', '/written/draft', { body: { yaml }, 'if-none-match': '*' });
    const changed = await request('PUT', '/written/draft', {
      body: { definition: { ...(readYaml(yaml) as object), model: { name: 'default', seed: 3 } } },
      'if-match': saved.etag,
    });
    await request('POST', '/written/draft/publish', { 'if-match': changed.etag });
    const version = await request('GET', '/written');
    const exported = (await request('GET', '/written@1/yaml')).body['text'] as string;
    const imported = await request('POST', '/written/versions', { body: { yaml: exported } });

    expect(saved.body['yaml']).toBe(yaml);
    expect(exported).toBe(yaml.replace('{ name: default }', '{ name: default, seed: 3 }'));
    expect(hashJson(readYaml(exported))).toBe(version.body['hash']);
    expect(version.body).toMatchObject({ yaml: exported, variables: [] });
    expect(imported.body).toEqual({ id: 'written', version: 1, created: false });
  });

  it.each([
    [{}, 422, 'definition'],
    [{ definition: {}, yaml: 'a: 1' }, 422, 'definition'],
    [{ yaml: 'a: [' }, 422, 'yaml'],
    [{ yaml: '- a' }, 422, 'yaml'],
    [{ yaml: 'a: "\u0000"' }, 400, 'yaml'],
    [{ definition: 'x' }, 400, 'definition'],
  ])('and not as %j: %d, which names %s', async (body, status, field) => {
    const refused = await request('PUT', '/broken/draft', { body, 'if-none-match': '*' });

    expect([refused.status, refused.body.errors?.[0]?.field]).toEqual([status, field]);
  });

  it('under labels that move, and go', async () => {
    await publish('labelled', 'One');
    await publish('labelled', 'Two');
    const put = (label: string, version: unknown) =>
      request('PUT', `/labelled/labels/${label}`, { body: { version } });

    await put('production', 1);
    await put('staging', 2);
    const moved = await put('production', 2);
    const taken = await request('DELETE', '/labelled/labels/staging');
    const wrong = [
      await put('draft', 1),
      await put('Prod', 1),
      await put('production', 0),
      await put('production', 3),
    ];

    expect((moved.body['versions'] as { labels: string[] }[]).map(({ labels }) => labels)).toEqual([
      ['production', 'staging'],
      [],
    ]);
    expect((taken.body['versions'] as { labels: string[] }[])[0]!.labels).toEqual(['production']);
    expect((await request('GET', '/labelled@production')).body).toMatchObject({ version: 2 });
    expect((await request('GET', '')).body['prompts']).toContainEqual(
      expect.objectContaining({ id: 'labelled', latest: 2, labels: [{ label: 'production', version: 2 }] }),
    );
    expect(wrong.map(({ status }) => status)).toEqual([422, 422, 400, 404]);
  });

  it('with what differs between two versions, a label or the draft', async () => {
    await publish('compared', 'Say hello.');
    await publish('compared', 'Say goodbye.');
    await request('PUT', '/compared/labels/production', { body: { version: 1 } });
    await begin('compared', saying('compared', 'Say nothing.'));

    const versions = await request('GET', '/compared/diff?from=production&to=2');
    const draft = await request('GET', '/compared/diff?from=2&to=draft');
    const same = await request('GET', '/compared/diff?from=1&to=production');
    const unknown = await request('GET', '/compared/diff?from=1&to=7');
    const unsaid = await request('GET', '/compared/diff?from=1');

    expect(versions.body).toMatchObject({
      same: false,
      changes: [
        {
          ...{ part: 'steps', path: 'steps.0.text', kind: 'changed' },
          words: [
            { op: 'same', text: 'Say ' },
            { op: 'removed', text: 'hello' },
            { op: 'added', text: 'goodbye' },
            { op: 'same', text: '.' },
          ],
        },
      ],
    });
    expect(draft.body['changes']).toMatchObject([{ after: 'Say nothing.' }]);
    expect(same.body).toMatchObject({ same: true, changes: [] });
    expect([unknown.status, unsaid.status]).toEqual([404, 400]);
  });
});
