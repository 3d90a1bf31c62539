import { blockTypeRegisteredV1 } from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useDatabase, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Drafts } from '../src/app/workflows/drafts.js';
import type { PublishWorkflow } from '../src/app/workflows/publish-workflow.js';
import { ORCHESTRATOR_MIGRATIONS, orchestratorService } from '../src/orchestrator.module.js';
import { MANIFESTS, aRunOnStage } from './on-stage.js';

describe('drafts of workflows over REST', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let orchestrator: { url: string; stop(): Promise<void> };

  beforeAll(async () => {
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    await bus.start();
    await bus.publish(
      MANIFESTS.map((manifest) => ({
        topic: blockTypeRegisteredV1.topic,
        key: manifest.type,
        event: {
          id: manifest.type,
          source: '/test/service',
          type: blockTypeRegisteredV1.type,
          time: '2030-01-01T00:00:00Z',
          data: { service: 'test', manifest },
        },
      })),
    );
    await bus.drain();
  });

  afterAll(async () => {
    await orchestrator.stop();
    await bus.stop();
  });

  const request = async (
    method: string,
    path: string,
    { body, ...headers }: { body?: unknown } & Record<string, unknown> = {},
  ) => {
    const response = await fetch(`${orchestrator.url}/api/workflows/${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
      ...(method === 'GET' || method === 'DELETE' ? {} : { body: JSON.stringify(body ?? {}) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      etag: response.headers.get('etag') ?? '',
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> & {
        errors: { code: string; field: string }[];
      },
    };
  };
  const whole = (id: string, title = 'x') => ({
    kind: 'workflow',
    id,
    blocks: [
      { id: 'brief', type: 'rows' },
      { id: 'title', type: 'map', with: { title } },
    ],
  });
  const begin = (id: string, definition: unknown = whole(id)) =>
    request('PUT', `${id}/draft`, { body: { definition }, 'if-none-match': '*' });

  it('say at once all that no block gives, whatever else is wrong with the blocks', async () => {
    const saved = await begin('renamed', {
      kind: 'workflow',
      id: 'renamed',
      blocks: [
        { id: 'brief', type: 'rows' },
        { id: 'title', type: 'map', needs: ['script'], with: { title: '{{script.text}} of {{brief.name}}' } },
        { id: 'last', type: 'map', when: 'script.score > 0.5 and brief.score > 0', with: { title: 'x' } },
      ],
    });

    expect(saved.body.errors.map(({ code, field }) => [code, field])).toEqual([
      ['unknown-block', 'blocks.title.needs'],
      ['missing-variable', 'blocks.title.with.title'],
      ['unknown-variable', 'blocks.last.when'],
    ]);
  });

  it('may be incomplete, and say what is wrong', async () => {
    const saved = await begin('unready', {
      kind: 'workflow',
      id: 'unready',
      blocks: [{ id: 'a', type: 'nope' }],
    });
    const read = await request('GET', 'unready/draft');
    const published = await request('POST', 'unready/draft/publish', { 'if-match': saved.etag });
    const run = await fetch(`${orchestrator.url}/api/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ workflow: 'unready@draft' }),
    });

    expect(saved.status).toBe(200);
    expect(saved.body.errors).toEqual([expect.objectContaining({ code: 'unknown-type', block: 'a' })]);
    expect(read.body).toMatchObject({ revision: saved.body['revision'], latest: null, by: 'local' });
    expect(published).toMatchObject({ status: 422, body: { code: 'invalid-definition' } });
    expect(run.status).toBe(422);
  });

  it('are changed only by who has seen them: 428 without a tag, 412 with an old one', async () => {
    const first = await begin('seen');
    const second = await request('PUT', 'seen/draft', {
      body: { definition: whole('seen', 'second') },
      'if-match': first.etag,
      'x-duofactory-user': 'ana',
    });
    const change = { body: { definition: whole('seen', 'third') } };

    const untagged = await request('PUT', 'seen/draft', change);
    const late = await request('PUT', 'seen/draft', { ...change, 'if-match': first.etag });
    const again = await request('PUT', 'seen/draft', { ...change, 'if-none-match': '*' });
    const foreign = await request('PUT', 'seen/draft', { ...change, 'if-match': 'W/"nonsense"' });
    const gone = await request('DELETE', 'seen/draft', { 'if-match': first.etag });
    const published = await request('POST', 'seen/draft/publish', { 'if-match': first.etag });

    expect(untagged).toMatchObject({ status: 428, body: { code: 'precondition-required' } });
    expect([late, again, foreign, gone, published].map(({ status, body }) => [status, body['code']])).toEqual(
      Array.from({ length: 5 }, () => [412, 'draft-changed']),
    );
    expect(late.body['detail']).toContain('saved by ana');
    expect(await request('GET', 'seen/draft')).toMatchObject({
      etag: second.etag,
      body: { definition: whole('seen', 'second'), by: 'ana' },
    });
  });

  const written = (id: string): string =>
    [
      '# What the show is made of',
      'kind: workflow',
      `id: ${id}`,
      'variables: { viable: &threshold 0.7, fair: *threshold } # agreed with the editors',
      'blocks:',
      '  - { id: brief, type: rows } # the table',
      '  - id: title',
      '    type: map # the expensive one',
      '    with: { title: x }',
      '',
    ].join('\n');

  it('keep the text that somebody wrote, whatever another changes in the definition', async () => {
    const yaml = written('written');
    const first = await request('PUT', 'written/draft', { body: { yaml }, 'if-none-match': '*' });
    const definition = structuredClone(first.body['definition']) as ReturnType<typeof whole> & {
      variables: object;
    };
    definition.blocks[1]!.with = { title: 'y' };
    const second = await request('PUT', 'written/draft', { body: { definition }, 'if-match': first.etag });
    const again = await request('PUT', 'written/draft', { body: { definition }, 'if-match': first.etag });
    const commented = `${String(second.body['yaml'])}# the end\n`;
    const third = await request('PUT', 'written/draft', {
      body: { yaml: commented },
      'if-match': second.etag,
    });

    expect(first.body).toMatchObject({
      yaml,
      definition: { ...whole('written'), variables: { viable: 0.7, fair: 0.7 } },
      errors: [],
    });
    expect(second.body['yaml']).toBe(
      yaml
        .replace('title: x', 'title: y')
        .replace(/\{ viable.*\}/, '{ viable: &threshold 0.7, fair: *threshold }'),
    );
    expect(again).toMatchObject({ status: 200, etag: second.etag });
    // A comment is a change, too: who has not seen it overwrites nothing.
    expect(third.etag).not.toBe(second.etag);
    expect((await request('PUT', 'written/draft', { body: { yaml }, 'if-match': second.etag })).status).toBe(
      412,
    );
    expect((await request('GET', 'written/draft/revisions/1')).body).toMatchObject({ yaml });
    expect((await request('GET', 'written/draft')).body).toMatchObject({ yaml: commented });
  });

  it('give their text to the version that they become, and that to the next draft', async () => {
    const yaml = written('told');
    const saved = await request('PUT', 'told/draft', { body: { yaml }, 'if-none-match': '*' });
    await request('POST', 'told/draft/publish', { 'if-match': saved.etag });
    const version = await request('GET', 'told');
    const next = await begin('told', { ...(version.body['definition'] as object), name: 'Told again' });
    const more = yaml.replace('# the table', '# the sheet');
    const same = await request('POST', 'told/versions', { body: { yaml: more } });

    expect(version.body).toMatchObject({ version: 1, yaml });
    expect(next.body['yaml']).toBe(`${yaml}name: Told again\n`);
    // The same content is the same version, with what is said of it now.
    expect(same.body).toMatchObject({ version: 1, created: false });
    expect((await request('GET', 'told/versions/1')).body).toMatchObject({ yaml: more });
  });

  it('keep the order in which their members were written, and so do versions', async () => {
    const definition = {
      ...{ kind: 'workflow', id: 'ordered' },
      blocks: [
        { type: 'rows', id: 'brief' },
        { with: { title: 'x' }, type: 'map', id: 'title' },
      ],
      inputs: Object.fromEntries(['word', 'id', 'a-long-one'].map((name) => [name, { type: 'string' }])),
    };
    const saved = await begin('ordered', definition);
    const read = await request('GET', 'ordered/draft');
    await request('POST', 'ordered/draft/publish', { 'if-match': saved.etag });
    const version = await request('GET', 'ordered');

    expect(JSON.stringify(read.body['definition'])).toBe(JSON.stringify(definition));
    expect(JSON.stringify(version.body['definition'])).toBe(JSON.stringify(definition));
  });

  it('have no text where nobody wrote one, and name what is wrong with one', async () => {
    const save = (body: object) => request('PUT', 'textless/draft', { body, 'if-none-match': '*' });
    const definition = whole('textless');
    const refused = await Promise.all(
      [
        { yaml: 'kind: workflow\nblocks: [' },
        { yaml: '- a list' },
        { yaml: 'a: &a [*a]' },
        { yaml: 'id: textless', definition },
        {},
        { yaml: `# ${'x'.repeat(2_000_000)}` },
      ].map(save),
    );

    expect(refused.map(({ status, body }) => [status, body.errors[0]!.field])).toEqual([
      [422, 'yaml'],
      [422, 'yaml'],
      [422, 'yaml'],
      [422, 'definition'],
      [422, 'definition'],
      [400, 'yaml'],
    ]);
    expect((await save({ definition })).body).toMatchObject({ definition, yaml: null });
  });

  it('stay as they are when the same is saved again by who got no answer', async () => {
    const first = await begin('saved-twice');
    const change = { body: { definition: whole('saved-twice', 'new') }, 'if-match': first.etag };

    const second = await request('PUT', 'saved-twice/draft', change);
    const again = await request('PUT', 'saved-twice/draft', change);

    expect(again).toMatchObject({ status: 200, etag: second.etag });
    expect(second.etag).not.toBe(first.etag);
  });

  it('become versions that never change, once', async () => {
    const saved = await begin('published');
    const publish = () =>
      request('POST', 'published/draft/publish', { 'if-match': saved.etag, body: { note: 'the first' } });

    const first = await publish();
    const second = await publish();
    const draft = await request('GET', 'published/draft');
    const { body } = await request('GET', 'published/versions');

    expect([first.body, second.body]).toEqual([
      { workflow: 'published', version: 1, created: true },
      { workflow: 'published', version: 1, created: false },
    ]);
    expect(draft).toMatchObject({ status: 404, body: { code: 'no-draft' } });
    expect(body['versions']).toEqual([
      expect.objectContaining({ version: 1, published: true, note: 'the first', author: 'local' }),
    ]);
    for (const method of ['PUT', 'DELETE'])
      expect((await request(method, 'published/versions/1', { body: {} })).status).toBe(404);
  });

  it('are deleted, and no tag of theirs fits a later one', async () => {
    const first = await begin('deleted');

    const gone = await request('DELETE', 'deleted/draft', { 'if-match': first.etag });
    const again = await request('DELETE', 'deleted/draft', { 'if-match': first.etag });
    const untagged = await request('DELETE', 'deleted/draft');
    await begin('deleted', whole('deleted', 'another'));
    const late = await request('PUT', 'deleted/draft', {
      body: { definition: whole('deleted', 'old') },
      'if-match': first.etag,
    });

    expect([gone.status, again.status, untagged.status, late.status]).toEqual([204, 204, 428, 412]);
  });

  it('keep every save, and say who changed what since the version that is published', async () => {
    const first = await begin('kept');
    await request('POST', 'kept/draft/publish', { 'if-match': first.etag });
    const save = (title: string, by: string, etag?: string, more: object = {}) =>
      request('PUT', 'kept/draft', {
        body: { definition: { ...whole('kept', title), ...more } },
        ...(etag ? { 'if-match': etag } : { 'if-none-match': '*' }),
        'x-duofactory-user': by,
      });
    const ana = await save('y', 'ana');
    const again = await save('z', 'ana', ana.etag);
    const ben = await save('z', 'ben', again.etag, { description: 'Told by Ben' });

    const { body: changes } = await request('GET', 'kept/draft/changes');
    const { body: page } = await request('GET', 'kept/draft/revisions?limit=2');
    const { body: rest } = await request(
      'GET',
      `kept/draft/revisions?limit=2&cursor=${page['next'] as string}`,
    );
    const revisions = page['revisions'] as { revision: number }[];
    const { body: old } = await request('GET', `kept/draft/revisions/${revisions[1]!.revision - 1}`);

    expect(changes).toEqual({
      since: 1,
      authors: [
        {
          ...{ by: 'ana', at: again.body['at'], revision: again.body['revision'] },
          changes: [
            expect.objectContaining({
              path: 'blocks.1.with.title',
              kind: 'changed',
              before: 'x',
              after: 'z',
            }),
          ],
        },
        {
          ...{ by: 'ben', at: ben.body['at'], revision: ben.body['revision'] },
          changes: [expect.objectContaining({ path: 'description', kind: 'added', after: 'Told by Ben' })],
        },
      ],
    });
    expect(page['revisions']).toMatchObject([
      { by: 'ben', version: null },
      { by: 'ana', version: null },
    ]);
    expect(rest['revisions']).toMatchObject([
      { by: 'ana', version: null },
      { by: 'local', version: 1 },
    ]);
    expect(old['definition']).toEqual(whole('kept', 'y'));
    expect(await request('GET', 'kept/draft/revisions/999')).toMatchObject({
      status: 404,
      body: { code: 'unknown-revision' },
    });
    expect(await request('GET', 'never/draft/changes')).toMatchObject({
      status: 404,
      body: { code: 'no-draft' },
    });
  });

  it('name no other workflow than that of their address', async () => {
    const saved = await begin('mine', whole('yours'));

    expect(saved.body.errors).toEqual([expect.objectContaining({ code: 'id-differs', field: 'id' })]);
    expect(await request('POST', 'mine/draft/publish', { 'if-match': saved.etag })).toMatchObject({
      status: 422,
    });
    expect((await begin('Not Kebab')).status).toBe(422);
  });

  it('run as they are then: what a run is pinned to stays readable', async () => {
    const saved = await begin('tried');
    const run = async (workflow: string, key: string) => {
      const response = await fetch(`${orchestrator.url}/api/runs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ workflow }),
      });
      return (await response.json()) as { id: string; version: number; status: string };
    };

    const first = await run('tried@draft', 'first');
    const second = await run('tried@draft', 'second');
    const changed = await request('PUT', 'tried/draft', {
      body: { definition: whole('tried', 'changed') },
      'if-match': saved.etag,
    });
    const third = await run('tried@draft', 'third');
    await request('DELETE', 'tried/draft', { 'if-match': changed.etag });
    const again = await run('tried@draft', 'first');
    const { body: kept } = await request('GET', `tried/versions/${first.version}`);
    const { body: list } = await request('GET', 'tried/versions');
    const latest = await request('GET', 'tried');

    expect(first.status).toBe('running');
    expect(second.version).toBe(first.version);
    expect(third.version).not.toBe(first.version);
    expect(again.id).toBe(first.id);
    expect(kept['definition']).toEqual(whole('tried'));
    expect(list['versions']).toEqual([
      expect.objectContaining({ version: third.version, published: false }),
      expect.objectContaining({ version: first.version, published: false }),
    ]);
    expect(latest.status).toBe(404);
  });
});

describe('a draft that is saved while it is published', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('stays, and nothing of it is published unseen', async () => {
    const { stage, close } = await aRunOnStage(database.current, [{ id: 'brief', type: 'rows' }]);
    const { publish, drafts, workflows } = stage.parts;
    const draft = (title: string) => ({
      kind: 'workflow',
      id: 'raced',
      blocks: [{ id: 'brief', type: 'rows', with: { title } }],
    });
    const { revision } = await drafts.save('raced', {
      definition: draft('seen'),
      expected: 'none',
      by: 'ana',
    });
    // Someone saves between the check of what was seen and the version that is made of it.
    const interrupted = Object.assign(Object.create(publish) as PublishWorkflow, {
      check: async (...of: Parameters<PublishWorkflow['check']>) => {
        const checked = await publish.check(...of);
        await drafts.save('raced', { definition: draft('unseen'), expected: revision, by: 'ben' });
        return checked;
      },
    });

    const published = new Drafts(database.current, interrupted, stage.clock).publish('raced', {
      expected: revision,
      by: 'ana',
    });

    await expect(published).rejects.toMatchObject({ status: 412, code: 'draft-changed' });
    await expect(workflows.show('raced')).rejects.toMatchObject({ status: 404 });
    expect(await drafts.show('raced')).toMatchObject({ definition: draft('unseen'), by: 'ben' });
    await close();
  });
});

describe('a draft under the policy of a second person', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('is published by nobody who changed it since the last version, however they took turns', async () => {
    const { stage, close } = await aRunOnStage(database.current, [{ id: 'brief', type: 'rows' }]);
    const drafts = new Drafts(database.current, stage.parts.publish, stage.clock, 'second-person');
    const save = (title: string, by: string, expected: number | 'none') =>
      drafts.save('shared', {
        definition: {
          kind: 'workflow',
          id: 'shared',
          blocks: [{ id: 'brief', type: 'rows', with: { title } }],
        },
        ...{ expected, by },
      });
    const first = await save('a', 'ana', 'none');
    const second = await save('b', 'ben', first.revision);
    const expected = second.revision;

    for (const by of ['ana', 'ben'])
      await expect(drafts.publish('shared', { expected, by })).rejects.toMatchObject({
        ...{ status: 403, code: 'second-person-needed' },
        message: expect.stringContaining('Changed by ana and ben'),
      });
    expect(await drafts.publish('shared', { expected, by: 'cleo' })).toMatchObject({ version: 1 });

    // Who changed what is published already is no author of the next one.
    const next = await save('c', 'cleo', 'none');
    expect(await drafts.publish('shared', { expected: next.revision, by: 'ana' })).toMatchObject({
      version: 2,
    });
    await close();
  });
});
