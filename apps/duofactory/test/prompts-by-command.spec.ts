import { llmRunnerService } from '@duofactory/llm-runner';
import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useDatabase, type ServiceUnderTest } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../src/client/api.js';
import { applyAll } from '../src/commands/apply.js';
import { budgets } from '../src/commands/budgets.js';
import { definitionCommands } from '../src/commands/definitions.js';
import { rateLimits } from '../src/commands/rate-limits.js';
import { written } from './command-line.js';

describe('by command', () => {
  const database = useDatabase('llm_runner', llmRunnerService.migrations);
  let bus: LocalBus;
  let service: ServiceUnderTest;
  let folder: string;

  const prompts = (...args: string[]) =>
    written(definitionCommands('prompts', 'prompt'), [...args, '--url', service.url]);
  const file = async (id: string, text: string): Promise<string> => {
    const path = join(folder, `${id}.yaml`);
    const yaml = `# ${id}, as it is written\nkind: prompt\nid: ${id}\nmodel: { name: default } # cheap\nsteps:\n  - { type: user, text: '${text}' }\noutput: text\n`;
    await writeFile(path, yaml);
    return path;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-commands-'));
    bus = new LocalBus({ log: quietLog });
    service = await startForTest(llmRunnerService, { bus, databaseUrl: database.url });
    await bus.start();
  });
  afterAll(async () => {
    await bus.drain();
    await service.stop();
    await bus.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('prompts are saved, published, compared, labelled and restored', async () => {
    const first = await prompts('save', await file('greet', 'Say hello.'), '--user', 'ana');
    const published = await prompts('publish', 'greet', '--note', 'the first');
    await prompts('save', await file('greet', 'Say goodbye.'));
    const diff = await prompts('diff', 'greet', '1', 'draft');
    const same = await prompts('diff', 'greet', '1', '1');
    await prompts('publish', 'greet');
    const labelled = await prompts('label', 'greet', 'production', '2');
    const taken = await prompts('label', 'greet', 'production');
    const restored = await prompts('restore', 'greet', '1');
    const saves = await prompts('revisions', 'greet');
    const draft = await prompts('show', 'greet@draft');
    const list = await prompts();

    expect(first).toContain('by ana, revision 1');
    expect(published).toBe('greet@1\n');
    expect(diff).toBe('~ steps.0.text:\n    Say [-hello-]{+goodbye+}.\n');
    expect(same).toBe('greet: 1 and 1 are the same\n');
    expect(labelled).toMatch(/2 +production/);
    expect(taken).not.toContain('production');
    expect(restored).toContain('revision 3');
    expect(saves.split('\n')[3]).toMatch(/^1 .* ana +1/);
    expect(draft).toContain('# greet, as it is written');
    expect(list).toMatch(/greet +2 +revision 3 by local/);
  });

  it('prompts that changed are applied, and no others; their comments come back', async () => {
    const [one, two] = [await file('one', 'One.'), await file('two', 'Two.')];
    const apply = async () =>
      (await applyAll(new Api(service.url), [one, two], () => undefined)).map(
        ({ file: { id }, version, created }) => ({ id, version, created }),
      );

    const first = await apply();
    await file('two', 'Another two.');
    const second = await apply();

    expect(first.map(({ created }) => created)).toEqual([true, true]);
    expect(second).toEqual([
      { id: 'one', version: 1, created: false },
      { id: 'two', version: 2, created: true },
    ]);
    expect(await prompts('show', 'two')).toContain(
      "model: { name: default } # cheap\nsteps:\n  - { type: user, text: 'Another two.' }",
    );
  });

  it('what is wrong names the field: a draft that somebody changed, a number, a version', async () => {
    const path = await file('guarded', 'One.');
    await prompts('save', path);

    await expect(prompts('save', path, '--revision', '7')).resolves.toContain('revision 1');
    await file('guarded', 'Two.');
    await expect(prompts('save', path)).rejects.toMatchObject({ code: 'draft-changed' });
    await expect(prompts('save', path, '--revision', 'x')).rejects.toThrow('no number');
    await expect(prompts('publish', 'guarded', '--revision', '7')).rejects.toMatchObject({ status: 412 });
    await expect(prompts('diff', 'guarded', '1', 'draft')).rejects.toMatchObject({ code: 'unknown-prompt' });
    await expect(prompts('save', await file('guarded', 'Three.'), '--overwrite')).resolves.toContain(
      'revision 2',
    );
  });

  it('budgets are set, listed, shown and deleted', async () => {
    const run = (...args: string[]) => written(budgets, [...args, '--url', service.url]);

    await run('set', 'daily', '--amount', '5', '--tokens', '1000');
    const list = await run('list');
    const shown = await run('show', 'daily', '--json');
    await run('delete', 'daily');

    expect(list).toMatch(/daily +day +all +\$5 +1000/);
    expect(JSON.parse(shown)).toMatchObject({
      id: 'daily',
      per: 'day',
      amount: 5,
      tokens: 1000,
      accounts: [],
    });
    await expect(run('show', 'daily')).rejects.toMatchObject({ status: 404 });
    await expect(run('set', 'daily', '--amount', 'much')).rejects.toThrow(
      '--amount is "much": give a number',
    );
    await expect(run('set', 'Daily!', '--amount', '1')).rejects.toMatchObject({
      errors: [expect.objectContaining({ field: 'id' })],
    });
  });

  it('rate limits are set, listed and deleted', async () => {
    const run = (...args: string[]) => written(rateLimits, [...args, '--url', service.url]);

    await run('set', 'gpt-5-mini', '--requests', '500', '--tokens', '200000');
    const list = await run('list');
    await run('delete', 'gpt-5-mini');
    const after = await run('list', '--json');

    expect(list).toMatch(/gpt-5-mini \(set\) +500 +200000/);
    expect(JSON.parse(after)).toEqual({ limits: [], states: [] });
    await expect(run('set', 'gpt-5-mini', '--requests', '-1')).rejects.toMatchObject({
      errors: [expect.objectContaining({ field: 'requests' })],
    });
  });
});
