import type { BlockRequested } from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useDatabase, useEmptyDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ORCHESTRATOR_MIGRATIONS, orchestratorService } from '../src/orchestrator.module.js';
import { aRunOnStage, outputs } from './on-stage.js';

/** brief (2 rows) -> title -> quote (names the title) and note (names nothing) -> export */
const blocks = [
  { id: 'brief', type: 'rows' },
  { id: 'title', type: 'map', with: { of: '{{brief.name}} {{level}}' } },
  { id: 'quote', type: 'map', needs: ['title'], with: { text: '{{title.text}}' } },
  { id: 'note', type: 'map', needs: ['title'] },
];

describe('reruns', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  const anEndedRun = async () => {
    const played = await aRunOnStage(database.current, blocks, { level: 'A1' });
    const play = async (title: string): Promise<string[]> => {
      const asked: string[] = [];
      for (let requests = await played.taken(); requests.length > 0; requests = await played.taken()) {
        for (const request of requests) {
          asked.push(`${request.block} ${request.key}`);
          await played.complete(request, answer(request, title));
        }
      }
      return asked.sort();
    };
    await play('old');
    return { ...played, play };
  };

  const answer = ({ block }: BlockRequested, title: string) => {
    if (block === 'brief') return outputs({ name: 'a' }, { name: 'b' });
    return outputs(block === 'title' ? { text: title } : {});
  };

  it('say beforehand what is asked for again, and that is what happens', async () => {
    const { stage, run, play, show, close } = await anEndedRun();

    const { blocks: forecast } = await stage.parts.rerun.forecast({ run, from: 'title', key: 'brief=1' });
    const { id } = await stage.parts.rerun.execute({ run, from: 'title', key: 'brief=1' });
    const asked = await play('new');

    expect(forecast).toEqual([
      { block: 'brief', anew: 0, reused: 1, byInput: 0 },
      { block: 'title', anew: 1, reused: 1, byInput: 0 },
      { block: 'quote', anew: 0, reused: 0, byInput: 2 },
      { block: 'note', anew: 0, reused: 0, byInput: 2 },
    ]);
    expect(asked).toEqual(['quote brief=1', 'title brief=1']);
    expect((await show(id)).status).toBe('completed');
    await close();
  });

  it('ask with other inputs for what names them, and for what differs by that', async () => {
    const { stage, run, play, close } = await anEndedRun();

    await stage.parts.rerun.execute({ run, inputs: { level: 'B2' } });

    expect(await play('old')).toEqual(['title brief=1', 'title brief=2']);
    await close();
  });

  it('start once for an Idempotency-Key', async () => {
    const { stage, run, close } = await anEndedRun();

    const first = await stage.parts.rerun.execute({ run, idempotencyKey: run });
    const second = await stage.parts.rerun.execute({ run, idempotencyKey: run });

    expect(second).toEqual({ id: first.id, created: false });
    await expect(stage.parts.rerun.execute({ run, from: 'note', idempotencyKey: run })).rejects.toMatchObject(
      {
        code: 'idempotency-key-reused',
      },
    );
    await close();
  });

  it('are refused for a block that is not there, and for a run that goes on', async () => {
    const { stage, run, close } = await anEndedRun();
    const going = await stage.parts.start.execute({ workflow: 'staged', inputs: { level: 'A1' } });

    await expect(stage.parts.rerun.execute({ run, from: 'nope' })).rejects.toMatchObject({
      code: 'unknown-block',
    });
    await expect(stage.parts.rerun.execute({ run, key: 'brief=1' })).rejects.toMatchObject({
      code: 'key-without-from',
    });
    await expect(stage.parts.rerun.execute({ run: going.id })).rejects.toMatchObject({
      code: 'run-not-ended',
    });
    await close();
  });
});

describe('reruns over REST', () => {
  const database = useEmptyDatabase();

  it('answer with problems that name the field', async () => {
    const bus = new LocalBus({ log: quietLog });
    const orchestrator = await startForTest(orchestratorService, { bus, databaseUrl: database.url });
    const post = (path: string, body: unknown) =>
      fetch(`${orchestrator.url}/api/runs/00000000-0000-4000-8000-000000000000/reruns${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });

    const unknown = await post('', { from: 'title' });
    const forecast = await post('/forecast', {});
    const wrong = await post('', { version: 'newest', form: 'title' });

    expect([unknown.status, forecast.status, wrong.status]).toEqual([404, 404, 400]);
    expect(await unknown.json()).toMatchObject({ code: 'unknown-run' });
    expect(JSON.stringify(await wrong.json())).toMatch(/version[^]*form|form[^]*version/);
    await orchestrator.stop();
  });
});
