import { useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Api } from '../src/client/api.js';
import { startRun, waitForRun } from '../src/commands/run.js';
import { startHost, type Host } from '../src/host/start-host.js';
import { publishOnceKnown } from './publish-once-known.js';
import { applyShipped, SHIPPED } from './episodes.js';

interface Definition {
  id: string;
  blocks: { id: string; type: string; needs?: string[]; with: Record<string, unknown> }[];
}

describe('bad input', () => {
  const database = useEmptyDatabase();
  let folder: string;
  let host: Host;
  let api: Api;
  let shipped: Definition;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-bad-'));
    host = await startHost({
      DUOFACTORY_DATABASE_URL: database.url,
      DUOFACTORY_DATA_DIR: folder,
      DUOFACTORY_HTTP_PORT: '0',
      DUOFACTORY_LOG_LEVEL: 'silent',
    });
    api = new Api(host.url);
    await applyShipped(api);
    shipped = parse(await readFile(join(SHIPPED, 'duoradio/workflow.yaml'), 'utf8')) as Definition;
  });

  afterAll(async () => {
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const changed = (change: (block: (id: string) => Definition['blocks'][number]) => void): Definition => {
    const definition = structuredClone(shipped);
    change((id) => definition.blocks.find((block) => block.id === id)!);
    return definition;
  };

  it.each<[string, (block: (id: string) => Definition['blocks'][number]) => void, string, string]>([
    [
      'a block type that nobody announced',
      (block) => (block('script').type = 'promt'),
      'blocks.script.type',
      'did you mean "prompt"',
    ],
    ['a circle of needs', (block) => (block('brief').needs = ['episode']), 'blocks.brief.needs', 'brief'],
    [
      'a need that is not there',
      (block) => (block('viability').needs = ['scrip']),
      'blocks.viability.needs',
      'did you mean "script"',
    ],
    [
      'a variable that nothing gives',
      (block) => (block('brief').with['list'] = '{{unti.slots}}'),
      'blocks.brief.with.list',
      'did you mean "unit"',
    ],
    [
      'a variable of a prompt that nothing gives',
      (block) => (block('exercises').with['inputs'] = { line: '{{script.lines}}' }),
      'blocks.exercises.with.prompt',
      'reads "{{lines}}"',
    ],
    [
      'a field of the wrong type',
      (block) => (block('best').with['top'] = 'one'),
      'blocks.best.with.top',
      'must be a whole number',
    ],
    [
      'a field that the type does not know',
      (block) => (block('best').with['wher'] = 'true'),
      'blocks.best.with.wher',
      'did you mean "where"',
    ],
    [
      'a value that is not among the allowed ones',
      (block) => (block('viability').with['combine'] = 'max'),
      'blocks.viability.with.combine',
      'mean, min, weighted, all-must-pass',
    ],
    [
      'a missing field',
      (block) => delete block('script').with['prompt'],
      'blocks.script.with.prompt',
      'needs this field',
    ],
    [
      'a prompt that is not published',
      (block) => (block('script').with['prompt'] = 'duoradio-scrip'),
      'blocks.script.with.prompt',
      'did you mean "duoradio-script"',
    ],
    [
      'a version of an evaluator that is not there',
      (block) => (block('viability').with['evaluators'] = ['naturalness', 'level@7']),
      'blocks.viability.with.evaluators.1',
      'no version or label "7"',
    ],
    [
      'a name in an expression that nothing gives',
      (block) => (block('best').with['where'] = 'viabilty.score >= viable'),
      'blocks.best.with.where',
      'did you mean "viability"',
    ],
    [
      'an import that says no table',
      (block) => (block('unit').with = { from: 'table' }),
      'blocks.unit.with.table',
      'needs this field',
    ],
    [
      'a field that no block has',
      (block) => Object.assign(block('best'), { onErorr: 'drop' }),
      'blocks.best.onErorr',
      'did you mean "onError"',
    ],
    [
      'one need that is no list',
      (block) => Object.assign(block('best'), { needs: 'script' }),
      'blocks.best.needs',
      'must be a list, such as [a, b]',
    ],
    [
      'a block that needs itself',
      (block) => (block('best').needs = ['best']),
      'blocks.best.needs',
      'needs itself: take a need out',
    ],
    [
      'a number where several fields are meant',
      (block) => Object.assign(block('best'), { retry: 3 }),
      'blocks.best.retry',
      'must be fields with names, such as { name: value }',
    ],
    [
      'fewer attempts than one',
      (block) => Object.assign(block('best'), { retry: { attempts: 0 } }),
      'blocks.best.retry.attempts',
      'must be at least 1',
    ],
    [
      'a time without its unit',
      (block) => Object.assign(block('best'), { timeout: 30 }),
      'blocks.best.timeout',
      'must be a number and a unit, ms, s, m or h',
    ],
    [
      'an expression as other languages write it',
      (block) => (block('best').with['where'] = "script.title == 'x'"),
      'blocks.best.with.where',
      'compares with a single "="',
    ],
    [
      'a share that is written as a number',
      (block) => Object.assign(block('best'), { minSuccess: 0.5 }),
      'blocks.best.minSuccess',
      'a share such as 50%',
    ],
    [
      'an expression that cannot be read',
      (block) => (block('best').with['where'] = 'viability.score >='),
      'blocks.best.with.where',
      'expression',
    ],
  ])('in a workflow is refused: %s', async (_name, change, field, words) => {
    const { errors } = await api.post<{ errors: { field: string; message: string }[] }>(
      '/api/workflows/validate',
      { definition: changed(change) },
    );

    expect(errors.map((one) => one.field)).toContain(field);
    expect(errors.find((one) => one.field === field)!.message).toContain(words);
  });

  it.each<[string, string, object, string, string]>([
    ['a misspelt field', 'schedules', { timezone: 'UTC' }, 'timezone', 'did you mean "timeZone"'],
    ['words', 'schedules', { cron: 'every day' }, 'cron', 'parts are required. Example: 0 6 * * 1-5'],
    ['a misspelt field', 'triggers', { wen: 'true' }, 'wen', 'did you mean "when"'],
    ['two equals signs', 'triggers', { when: 'data.a == 1' }, 'when', 'compares with a single "="'],
    ['half an expression', 'triggers', { when: 'data.a =' }, 'when', '(at character 8)'],
  ])('is named with its field and a remedy: %s in one of the %s', async (_, kind, wrong, field, message) => {
    const inputs = { course: 'en-es', node: 'es-a1-cafe' };
    const times = { cron: '0 6 * * *', timeZone: 'Europe/Madrid' };
    const event = { topic: 'duofactory.content', type: 'content-published.v1' };
    const sound = { workflow: 'duoradio', inputs, ...(kind === 'schedules' ? times : event) };

    const refused = api.put(`/api/${kind}/wrong`, JSON.stringify({ ...sound, ...wrong }), 'application/json');

    await expect(refused).rejects.toMatchObject({
      errors: [{ field, message: expect.stringContaining(message) }],
    });
  });

  it('finds nothing wrong with the shipped workflow', async () => {
    expect(await api.post('/api/workflows/validate', { definition: shipped })).toEqual({ errors: [] });
  });

  it.each([
    ['text/csv', Buffer.from(''), 'empty-file'],
    ['text/csv', Buffer.from('a,b\n1,"'), 'invalid-csv'],
    ['text/csv', Buffer.from([0x61, 0x0a, 0xff, 0x0a]), 'invalid-utf8'],
    ['application/json', Buffer.from('{"rows": 1}'), 'invalid-json'],
    ['text/plain', Buffer.from('a\n1\n'), 'unknown-media-type'],
  ])('as a table is refused: %s %s', async (mediaType, bytes, code) => {
    await expect(api.put('/api/tables/broken', bytes, mediaType)).rejects.toMatchObject({
      status: 422,
      code,
    });
    await expect(api.get('/api/tables/broken')).rejects.toMatchObject({ status: 404 });
  });

  it.each([
    [{ workflow: 'duoradio', inputs: { course: 'en-es' } }, 'node'],
    [{ workflow: 'duoradio', inputs: { course: 'en-es', node: 7 } }, 'node'],
    [{ workflow: 'duoradio', inputs: { course: 'en-es', node: 'x', nod: 'y' } }, 'nod'],
    [{ workflow: 'nothing' }, 'workflow'],
    [{ workflow: 'duoradio', input: {} }, 'input'],
  ])('starts no run: %j', async (body, word) => {
    const before = await api.get<{ runs: unknown[] }>('/api/runs');

    await expect(api.post('/api/runs', body)).rejects.toThrow(word);

    expect(await api.get('/api/runs')).toEqual(before);
  });

  it('in a row ends the run with the row and the column named, and nothing is half published', async () => {
    await api.put('/api/tables/people', Buffer.from('id,name\na,Ana\n,Bo\n'), 'text/csv');
    const definition = {
      kind: 'workflow',
      id: 'people',
      blocks: [
        { id: 'person', type: 'import', needs: [], with: { from: 'table', table: 'people', rowId: 'id' } },
      ],
    };
    await publishOnceKnown(host.url, definition);

    const run = await waitForRun(api, await startRun(api, { workflow: 'people', inputs: {}, key: 'people' }));

    expect(run.status).toBe('failed');
    expect(run.reason).toBe(
      'Block "person" failed with row-without-key: Row 2 of people@1 has nothing in column "id"',
    );
    expect(await api.get('/api/episodes')).toEqual({ episodes: [] });
  });
});
