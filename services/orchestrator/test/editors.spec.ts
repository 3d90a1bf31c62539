import { LocalBus } from '@duofactory/messaging';
import { ManualClock } from '@duofactory/platform';
import { quietLog, startForTest, useDatabase, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Editors } from '../src/app/workflows/editors.js';
import { ORCHESTRATOR_MIGRATIONS, orchestratorService } from '../src/orchestrator.module.js';

describe('who edits what', () => {
  const database = useEmptyDatabase();
  const bus = new LocalBus({ log: quietLog });
  let orchestrator: { url: string; stop(): Promise<void> };

  beforeAll(async () => {
    orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    await bus.start();
  });
  afterAll(async () => {
    await orchestrator.stop();
    await bus.stop();
  });

  const types = (tab: string, place: string, by = 'ana'): Promise<Response> =>
    fetch(`${orchestrator.url}/api/editors/${tab}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-duofactory-user': by },
      body: JSON.stringify({ place }),
    });

  it('is told on the live stream: who begins, and who leaves', async () => {
    const [ana, ben] = [randomUUID(), randomUUID()];
    await types(ana, 'prompts/title');
    const end = new AbortController();
    const { body } = await fetch(
      `${orchestrator.url}/api/runs/events?runs=&editing=prompts/title,workflows/show`,
      { signal: end.signal },
    );
    const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const next = async (): Promise<{ place: string; editors: { by: string; tab: string }[] }> => {
      for (;;) {
        const found = /event: editors\ndata: (.*)\n\n/.exec(text);
        if (found) {
          text = text.slice(found.index + found[0].length);
          return JSON.parse(found[1]!) as Awaited<ReturnType<typeof next>>;
        }
        text += (await reader.read()).value ?? '';
      }
    };

    expect(await next()).toMatchObject({ place: 'prompts/title', editors: [{ by: 'ana', tab: ana }] });
    await types(ben, 'workflows/show', 'ben');
    expect(await next()).toMatchObject({ place: 'workflows/show', editors: [{ by: 'ben', tab: ben }] });
    await fetch(`${orchestrator.url}/api/editors/${ana}`, { method: 'DELETE' });
    expect(await next()).toEqual({ place: 'prompts/title', editors: [] });
    end.abort();

    const list = await fetch(`${orchestrator.url}/api/editors?place=workflows/show`);
    expect(await list.json()).toMatchObject({ place: 'workflows/show', editors: [{ by: 'ben' }] });
  });

  it.each(['title', 'prompts/', 'prompts/Bad Id', 'prompts/a/b'])('refuses the place %s', async (place) => {
    expect(await (await types(randomUUID(), place)).json()).toMatchObject({ errors: [{ field: 'place' }] });
    const stream = await fetch(`${orchestrator.url}/api/runs/events?editing=${encodeURIComponent(place)}`);
    expect([stream.status, await stream.json()]).toMatchObject([400, { errors: [{ field: 'editing' }] }]);
  });
});

describe('one who rests', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  it('is not there a minute after the last key, and leaves no row behind', async () => {
    const clock = new ManualClock();
    const editors = new Editors(database.current, clock);
    const [ana, ben] = [randomUUID(), randomUUID()];
    await editors.types(ana, { place: 'prompts/title', by: 'ana' });
    clock.advance(60_000);
    const before = await editors.at(['prompts/title']);
    clock.advance(1);

    const after = await editors.at(['prompts/title']);
    await editors.types(ben, { place: 'prompts/other', by: 'ben' });

    expect(before.get('prompts/title')).toMatchObject([{ by: 'ana' }]);
    expect(after.get('prompts/title')).toEqual([]);
    const { rows } = await database.current.query<{ tab: string }>({ text: 'SELECT tab FROM editors' });
    expect(rows).toEqual([{ tab: ben }]);
  });
});
