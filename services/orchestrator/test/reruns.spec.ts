import type { BlockRequested, Usage } from '@duofactory/contracts';
import { LocalBus } from '@duofactory/messaging';
import { quietLog, startForTest, useDatabase, useEmptyDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import type { RerunRequest } from '../src/app/commands/rerun-run.js';
import { ORCHESTRATOR_MIGRATIONS, orchestratorService } from '../src/orchestrator.module.js';
import { upsertReference } from '../src/store/references.js';
import { registerBlockType } from '../src/store/block-types.js';
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

  const aUsage = (ledger: string, saved: boolean): Usage => ({
    ...{ ledger, saved, kind: 'model', provider: 'p', model: 'm', units: {} },
    cost: { amount: 0.1, currency: 'USD' },
  });
  const anEndedRun = async (
    of: object[] = blocks,
    usageOf: (request: BlockRequested) => Usage[] = () => [],
  ) => {
    const played = await aRunOnStage(database.current, of, { level: 'A1' });
    const { stage } = played;
    const play = async (title: string): Promise<string[]> => {
      const asked: string[] = [];
      for (;;) {
        while (await stage.parts.decide.look());
        const requests = await played.taken();
        if (requests.length === 0) break;
        for (const request of requests) {
          asked.push(`${request.block} ${request.key}`);
          await played.complete(request, answer(request, title), usageOf(request));
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

  /** A forecast, and what the rerun then takes over and asks for: by block, those asked for each named. */
  const foreseen = async (
    of: Awaited<ReturnType<typeof anEndedRun>>,
    request: Partial<RerunRequest>,
    title: string,
  ) => {
    const { stage, run, play, show } = of;
    const { blocks: forecast } = await stage.parts.forecast.execute({ run, ...request });
    const { id } = await stage.parts.rerun.execute({ run, ...request });
    const asked = await play(title);
    const ended = await show(id);
    for (const { block, reused, anew, byInput } of forecast) {
      const count = asked.filter((name) => name.startsWith(`${block} `)).length;
      const { tasks } = ended.blocks.find((one) => one.block === block)!;
      expect([block, count >= anew && count <= anew + byInput]).toEqual([block, true]);
      expect([block, tasks]).toEqual([block, reused + anew + byInput]);
    }
    expect(ended.status).toBe('completed');
    return { forecast: forecast.map(({ cost: _, ...counts }) => counts), asked, version: ended.version };
  };

  it('take over a result as a person has corrected it, and ask again for what reads it', async () => {
    const of = await anEndedRun();
    const { stage, run, show, close } = of;
    const edits = [{ block: 'title', key: 'brief=2', result: { text: 'by hand' } }];

    const { forecast, asked } = await foreseen(of, { edits, from: 'title', key: 'brief=2' }, 'new');
    const newest = await stage.parts.runs.list({ limit: 500 });
    const { id } = newest.runs.find((one) => one.id !== run && one.inputs['level'] === 'A1')!;
    const { payloads } = await stage.parts.runs.results(id, { block: 'title', limit: 10 });

    expect(asked).toEqual(['quote brief=2']);
    expect(forecast).toEqual([
      { block: 'brief', reused: 1, anew: 0, byInput: 0 },
      { block: 'title', reused: 2, anew: 0, byInput: 0 },
      { block: 'quote', reused: 1, anew: 1, byInput: 0 },
      { block: 'note', reused: 2, anew: 0, byInput: 0 },
    ]);
    expect(payloads.map(({ key, blockResults }) => [key, blockResults['title']])).toEqual([
      ['brief=1', { text: 'old' }],
      ['brief=2', { text: 'by hand' }],
    ]);
    expect(await show(id)).toMatchObject({ rerunOf: run, edited: [{ block: 'title', key: 'brief=2' }] });
    // A correction stays, whatever its block is given now.
    const again = await foreseen({ ...of, run: id }, { inputs: { level: 'B1' }, edits }, 'newer');
    expect(again.asked).toEqual(['quote brief=1', 'title brief=1']);
    await close();
  });

  it('ask to the end for what they asked for, though the earlier run has succeeded with it meanwhile', async () => {
    const retry = { attempts: 3, base: '1m', cap: '1m' };
    const title = { id: 'title', type: 'map', retry, with: { of: '{{brief.name}}' } };
    const played = await aRunOnStage(database.current, [{ id: 'brief', type: 'rows' }, title]);
    const { stage, run, taken, complete, show, close } = played;
    const { advance, cancel, rerun } = stage.parts;
    const error = { code: 'down', message: 'Down', retryable: true };
    const failOne = async (): Promise<unknown> => {
      const { run: of, task, attempt } = (await taken())[0]!;
      return advance.settle([{ run: of, task, attempt, kind: 'failed', error }]);
    };
    await complete((await taken())[0]!, outputs({ name: 'a' }));
    await cancel.execute(run);
    await failOne();
    const { id } = await rerun.execute({ run });
    await failOne();
    await stage.parts.retry.execute(run);
    await complete((await taken())[0]!, outputs({ text: 'of the earlier run' }));

    stage.clock.advance(60_000);
    await stage.sweep();
    const asked = await taken();
    await complete(asked[0]!, outputs({ text: 'of the rerun' }));

    expect((await show()).status).toBe('completed');
    expect(asked).toMatchObject([{ run: id, block: 'title', attempt: 2 }]);
    await close();
  });

  it('refuse corrections of what is not there, or that lack what it had', async () => {
    const { stage, run, close } = await anEndedRun();
    const refusal = (block: string, key: string, result: Record<string, unknown>): Promise<unknown> =>
      stage.parts.forecast.execute({ run, edits: [{ block, key, result }] }).catch((error: unknown) => error);

    expect(await refusal('tittle', 'brief=1', {})).toMatchObject({
      ...{ status: 422, code: 'unknown-block', errors: [{ field: 'edits.0.block' }] },
    });
    expect(await refusal('title', 'brief=9', {})).toMatchObject({
      ...{ code: 'unknown-result', errors: [{ field: 'edits.0.key' }] },
    });
    expect(await refusal('title', 'brief=1', { txt: '' })).toMatchObject({
      ...{ code: 'invalid-edits', errors: [{ field: 'edits.0.result.text' }] },
    });
    expect(await refusal('title', 'brief=1', { text: 'x'.repeat(300_000) })).toMatchObject({
      ...{ code: 'too-large-to-edit', errors: [{ field: 'edits.0.result' }] },
    });
    await close();
  });

  it('say beforehand what is asked for again, and that is what happens', async () => {
    const of = await anEndedRun();

    const { forecast, asked } = await foreseen(of, { from: 'title', key: 'brief=1' }, 'new');

    expect(forecast).toEqual([
      { block: 'brief', anew: 0, reused: 1, byInput: 0 },
      { block: 'title', anew: 1, reused: 1, byInput: 0 },
      { block: 'quote', anew: 0, reused: 1, byInput: 1 },
      { block: 'note', anew: 0, reused: 1, byInput: 1 },
    ]);
    expect(asked).toEqual(['quote brief=1', 'title brief=1']);
    await of.close();
  });

  it('leave nothing behind by a forecast', async () => {
    const { stage, run, close } = await anEndedRun();
    const count = async (table: string): Promise<unknown> =>
      (await database.current.query({ text: `SELECT count(*) FROM ${table}` })).rows;
    const tables = ['runs', 'tasks', 'results', 'outbox', 'workflow_versions'];
    const before = await Promise.all(tables.map(count));

    await stage.parts.forecast.execute({ run, from: 'brief' });

    expect(await Promise.all(tables.map(count))).toEqual(before);
    expect(await stage.take()).toEqual([]);
    await close();
  });

  it('change one input and leave the rest: what names it is asked for, and what differs by that', async () => {
    const of = await anEndedRun();

    const { forecast, asked } = await foreseen(of, { inputs: { level: 'B2' } }, 'old');

    expect(forecast).toEqual([
      { block: 'brief', anew: 0, reused: 1, byInput: 0 },
      { block: 'title', anew: 2, reused: 0, byInput: 0 },
      { block: 'quote', anew: 0, reused: 0, byInput: 2 },
      { block: 'note', anew: 0, reused: 0, byInput: 2 },
    ]);
    expect(asked).toEqual(['title brief=1', 'title brief=2']);
    await of.close();
  });

  it('use the version of then, what is published now, or the draft, which is kept for them', async () => {
    const of = await anEndedRun();
    const { drafts, publish, runs } = of.stage.parts;
    const versionWith = (note: string) => ({
      kind: 'workflow',
      id: 'staged',
      inputs: { level: { type: 'string' } },
      blocks: blocks.map((block) => (block.id === 'note' ? { ...block, with: { note } } : block)),
    });
    const { version } = await runs.show(of.run);
    const { version: latest } = await publish.publish('staged', versionWith('published'));
    const save = (note: string) =>
      drafts.save('staged', { definition: versionWith(note), expected: 'any', by: 'ana' });
    await drafts.save('staged', { definition: versionWith('draft'), expected: 'none', by: 'ana' });

    const pinned = await foreseen(of, {}, 'old');
    const onLatest = await foreseen(of, { version: 'latest' }, 'old');
    const onDraft = await foreseen(of, { version: 'draft' }, 'old');
    await save('another draft');
    const onNext = await foreseen(of, { version: 'draft' }, 'old');

    expect([pinned.version, onLatest.version]).toEqual([version, latest]);
    expect(new Set([version, latest, onDraft.version, onNext.version]).size).toBe(4);
    expect(pinned.asked).toEqual([]);
    for (const { asked, forecast } of [onLatest, onDraft, onNext]) {
      expect(asked).toEqual(['note brief=1', 'note brief=2']);
      expect(forecast).toContainEqual({ block: 'note', anew: 2, reused: 0, byInput: 0 });
      expect(forecast).toContainEqual({ block: 'quote', anew: 0, reused: 2, byInput: 0 });
    }
    const kept = await of.stage.parts.workflows.show('staged', String(onDraft.version));
    expect(kept.definition).toEqual(versionWith('draft'));
    await of.close();
  });

  it('ask again for what a newer version of its type would make', async () => {
    const type = { type: 'tale', version: 1, title: 'Tale', description: 'Tale', with: { type: 'object' } };
    const manifest = { ...type, input: 'each', output: 'one' } as const;
    const named = { id: 'tale', type: 'tale', needs: [] };
    const { stage, run, taken, complete, close } = await aRunOnStage(database.current, [named], {}, [
      manifest,
    ]);
    const { publish, rerun } = stage.parts;
    await complete((await taken())[0]!, outputs({}));
    const service = { service: 'scenario', now: stage.clock.now() };

    await registerBlockType(database.current, { ...service, manifest: { ...manifest, version: 2 } });
    await publish.publish('staged', { kind: 'workflow', id: 'staged', name: 'Anew', blocks: [named] });
    await rerun.execute({ run, version: 'pinned' });
    const onPinned = await taken();
    await rerun.execute({ run, version: 'latest' });

    expect(onPinned).toEqual([]);
    expect(await taken()).toMatchObject([{ block: 'tale', typeVersion: 2 }]);
    await close();
  });

  it('use the references of then, or those that are published now', async () => {
    const publishPrompt = (version: number) =>
      upsertReference(database.current, {
        kind: 'prompt',
        id: 'title',
        version,
        labels: [],
        hash: `v${version}`,
      });
    await publishPrompt(1);
    const of = await anEndedRun([blocks[0]!, { id: 'title', type: 'ask', with: { prompt: 'title' } }]);
    const { stage, run } = of;
    await publishPrompt(2);
    /** Which prompt the rerun asks with. */
    const prompts = async (request: Partial<RerunRequest>): Promise<unknown[]> => {
      await stage.parts.rerun.execute({ run, ...request });
      return (await stage.take()).map(({ with: given }) => given['prompt']);
    };

    expect(await prompts({ from: 'title' })).toEqual(['title@1', 'title@1']);
    expect(await prompts({ from: 'title', version: 'pinned' })).toEqual(['title@1', 'title@1']);
    expect(await prompts({ version: 'pinned' })).toEqual([]);
    // Another prompt is another input: nothing that was made with the one before is taken over.
    expect(await prompts({ version: 'latest' })).toEqual(['title@2', 'title@2']);
    await of.close();
  });

  it('are of the lineage of the first run, however long the chain: its ledger answers for all of them', async () => {
    const { stage, run, play, close } = await anEndedRun();
    const { rerun } = stage.parts;
    const second = await rerun.execute({ run, from: 'title' });
    await play('new');
    await rerun.execute({ run: second.id, from: 'title' });

    const lineages = (await stage.take()).map(({ lineage }) => lineage);

    expect(lineages).toEqual([run, run]);
    await close();
  });

  it('tell what the tasks that they take over had paid or replayed, also from a run that took them over', async () => {
    const { stage, run, show, play, close } = await anEndedRun(blocks, ({ block, key }) =>
      // The intro of both titles is one call: the second one replayed it.
      block === 'title' ? ['intro', `of ${key}`].map((ledger) => aUsage(ledger, key !== 'brief=1')) : [],
    );
    expect(await stage.takeReuses()).toEqual([]);

    const second = await stage.parts.rerun.execute({ run, from: 'quote' });
    await play('old');
    const third = await stage.parts.rerun.execute({ run: second.id, from: 'title', key: 'brief=2' });
    await play('old');

    const told = await stage.takeReuses();
    const of = (id: string): string[] =>
      told
        .filter((one) => one.run === id)
        .flatMap(({ effects }) => effects.map(({ block, ledger, times }) => `${block} ${ledger} ${times}`))
        .sort();
    expect(of(second.id)).toEqual([
      'title intro 1',
      'title intro 1',
      'title of brief=1 1',
      'title of brief=2 1',
    ]);
    expect(of(third.id)).toEqual(['title intro 1', 'title of brief=1 1']);
    expect(told.every(({ workflow }) => workflow === 'staged')).toBe(true);
    expect((await show(third.id)).status).toBe('completed');
    await close();
  });

  it('foresee what conditions decide', async () => {
    const branches = [
      { id: 'brief', type: 'rows' },
      { id: 'short', type: 'map', when: "brief.name = 'a'" },
      { id: 'long', type: 'map', when: "brief.name != 'a'", with: { of: '{{level}}' }, needs: ['brief'] },
    ];
    const of = await anEndedRun(branches);

    const { forecast, asked } = await foreseen(of, { inputs: { level: 'B2' } }, 'old');

    expect(forecast).toEqual([
      { block: 'brief', anew: 0, reused: 1, byInput: 0 },
      { block: 'short', anew: 0, reused: 1, byInput: 0 },
      { block: 'long', anew: 1, reused: 0, byInput: 0 },
    ]);
    expect(asked).toEqual(['long brief=2']);
    await of.close();
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

  it('are refused for a key that matches nothing, with keys that would', async () => {
    const { stage, run, close } = await anEndedRun();
    const refused = {
      code: 'key-matches-nothing',
      message: expect.stringContaining('"brief=1", "brief=2"'),
      errors: [{ field: 'key', message: expect.stringContaining('"brief=1", "brief=2"') }],
    };

    for (const key of ['brief=3', 'brief=1/title=1', 'breif=1']) {
      await expect(stage.parts.rerun.execute({ run, from: 'title', key })).rejects.toMatchObject(refused);
      await expect(stage.parts.forecast.execute({ run, from: 'title', key })).rejects.toMatchObject(refused);
    }
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

describe('a rerun of a quality loop', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  /** brief (2 rows) -> script x2 -> best (until good, 3 rounds) -> title */
  const loop = [
    { id: 'brief', type: 'rows' },
    { id: 'script', type: 'gen', times: 2, with: { about: '{{brief.name}} {{level}}' } },
    {
      ...{ id: 'best', type: 'pick', per: 'brief' },
      repeat: { from: 'script', until: 'payloads[0].script.good', rounds: 3, otherwise: 'keep' },
    },
    { id: 'title', type: 'map', with: { of: '{{script.text}}' } },
  ];

  it('asks for what its forecast says, whether its rounds come out as before or otherwise', async () => {
    const played = await aRunOnStage(database.current, loop, { level: 'A1' });
    const { stage, run } = played;
    /** Scripts of the first brief are good in this round, those of the second never. */
    const play = async (goodIn: number, word: string): Promise<string[]> => {
      const asked: string[] = [];
      for (;;) {
        while (await stage.parts.decide.look());
        const requests = await played.taken();
        if (requests.length === 0) return asked.sort();
        for (const request of requests) {
          const { block, key, sample } = request;
          asked.push(block);
          const good = key === 'brief=1' && sample > 2 * (goodIn - 1);
          if (block === 'brief') await played.complete(request, outputs({ name: 'a' }, { name: 'b' }));
          else if (block === 'best')
            await played.complete(request, {
              kind: 'picks',
              picks: [{ key: `${key}/script=${key === 'brief=1' ? 2 * sample : 1}`, result: { rank: 1 } }],
            });
          else await played.complete(request, outputs({ text: `${word} ${key} ${sample}`, good }));
        }
      }
    };
    const first = await play(2, 'old');
    expect(first.filter((block) => block === 'script')).toHaveLength(2 * 2 + 3 * 2);

    const rerunAs = async (
      request: Partial<RerunRequest>,
      word: string,
    ): Promise<{
      told: Record<string, number[]>;
      asked: Record<string, number>;
      tasks: Record<string, number>;
    }> => {
      const { blocks: forecast } = await stage.parts.forecast.execute({ run, ...request });
      const { id } = await stage.parts.rerun.execute({ run, ...request });
      const asked = await play(2, word);
      const { status, blocks: made } = await played.show(id);
      expect(status).toBe('completed');
      return {
        told: Object.fromEntries(forecast.map((one) => [one.block, [one.reused, one.anew, one.byInput]])),
        asked: Object.fromEntries(
          loop.map(({ id: block }) => [block, asked.filter((one) => one === block).length]),
        ),
        tasks: Object.fromEntries(made.map(({ block, tasks }) => [block, tasks])),
      };
    };

    const same = await rerunAs({}, 'old');
    expect(same.told).toEqual({ brief: [1, 0, 0], script: [10, 0, 0], best: [5, 0, 0], title: [2, 0, 0] });
    expect(same.asked).toEqual({ brief: 0, script: 0, best: 0, title: 0 });

    // Only the first round can be foreseen: what comes after it depends on what comes out.
    const equal = await rerunAs({ inputs: { level: 'B2' } }, 'old');
    const other = await rerunAs({ inputs: { level: 'C1' } }, 'new');
    for (const { told, tasks } of [equal, other]) {
      expect(told).toEqual({ brief: [1, 0, 0], script: [0, 4, 6], best: [0, 0, 5], title: [0, 0, 2] });
      expect(tasks).toEqual({ brief: 1, script: 10, best: 5, title: 2 });
    }
    // `best` reads nothing of its payloads but their keys; `title` reads the text.
    expect(equal.asked).toEqual({ brief: 0, script: 10, best: 0, title: 0 });
    expect(other.asked).toEqual({ brief: 0, script: 10, best: 0, title: 2 });
    await played.close();
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
    const versions = [1, '1', 0, 1.5];
    const byVersion = await Promise.all(
      versions.map(async (version) => (await post('', { version })).status),
    );
    const noId = await fetch(`${orchestrator.url}/api/runs/duoradio/cancel`, { method: 'POST' });

    expect([unknown.status, forecast.status, wrong.status]).toEqual([404, 404, 400]);
    expect(byVersion).toEqual([404, 404, 400, 400]);
    expect(await noId.json()).toMatchObject({
      ...{ status: 400, code: 'invalid-id', detail: 'id "duoradio": Must be a UUID, as the product gave it' },
      errors: [{ field: 'id' }],
    });
    expect(await unknown.json()).toMatchObject({ code: 'unknown-run' });
    expect(JSON.stringify(await wrong.json())).toMatch(/version[^]*form|form[^]*version/);
    await orchestrator.stop();
  });
});
