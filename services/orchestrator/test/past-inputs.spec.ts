import { Reference } from '@duofactory/contracts';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { Type } from 'typebox';
import { Plans } from '../src/app/advance/plans.js';
import { ReadPastInputs } from '../src/app/history/read-past-inputs.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { upsertReference } from '../src/store/references.js';
import { aRunOnStage, outputs } from './on-stage.js';

/** row (2) -> say x2 -> tidy -> weigh */
const blocks = [
  { id: 'row', type: 'rows' },
  { id: 'say', type: 'ask', times: 2, with: { prompt: 'greet' } },
  { id: 'tidy', type: 'map' },
  { id: 'weigh', type: 'weigh', with: { evaluators: ['polite'] } },
];
const ASK = { samples: true, with: Type.Object({ prompt: Reference('prompt') }) };
const WEIGH = { with: Type.Object({ evaluators: Type.Array(Reference('evaluator')) }) };

function scoreOf(key: string, scores: readonly number[]): number {
  const [, row, sample] = /row=(\d+)\/say=(\d+)/.exec(key)!;
  return sample === '1' ? (scores[Number(row) - 1] ?? 1) : 1;
}

describe('the past inputs of a prompt', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);

  /** `scores`: by row, of its first sample; the second one is liked. */
  const aPlayedRun = async (inputs: Record<string, unknown>, scores: readonly number[] = []) => {
    for (const [kind, id] of [
      ['prompt', 'greet'],
      ['evaluator', 'polite'],
    ] as const)
      await upsertReference(database.current, { kind, id, version: 1, labels: [], hash: 'x', reads: [] });
    const more = [
      { type: 'ask', ...ASK },
      { type: 'weigh', ...WEIGH },
    ];
    const played = await aRunOnStage(database.current, blocks, inputs, more);
    for (;;) {
      while (await played.stage.parts.decide.look([played.run]));
      const requests = await played.taken();
      if (requests.length === 0) break;
      for (const request of requests)
        await played.complete(
          request,
          request.block === 'row'
            ? outputs({ n: 1 }, { n: 2 })
            : request.block === 'weigh'
              ? outputs({ score: scoreOf(request.key, scores) })
              : outputs({ text: 'Hi' }),
        );
    }
    await played.close();
    return played.run;
  };
  const read = (
    of: { find?: string; cursor?: string; limit?: number; id?: string; workflow?: string } = {},
  ) =>
    new ReadPastInputs(database.current, new Plans()).execute({
      ...{ kind: 'prompt', id: 'greet', workflow: undefined, find: undefined, cursor: undefined, limit: 50 },
      ...of,
    });

  it('are told once a payload, newest run first, with what judged the answers', async () => {
    const first = await aPlayedRun({ course: 'en-es' });
    const second = await aPlayedRun({ course: 'fr-en' });
    // On their clocks both began at the same moment.
    await database.current.query({
      text: `update runs set created_at = created_at + interval '1 minute' where id = $1`,
      values: [second],
    });

    const { inputs, next } = await read();

    expect(inputs.map(({ run, key }) => [run, key])).toEqual([
      [second, 'row=1'],
      [second, 'row=2'],
      [first, 'row=1'],
      [first, 'row=2'],
    ]);
    expect(next).toBeUndefined();
    expect(inputs[0]).toMatchObject({
      ...{ workflow: 'staged', block: 'say', status: 'done', reference: 'greet@1' },
      judge: { block: 'weigh', type: 'weigh', with: { evaluators: ['polite@1'] } },
    });
  });

  it('come in pages that neither repeat nor leave out any', async () => {
    await aPlayedRun({ course: 'en-es' });
    await aPlayedRun({ course: 'fr-en' });
    const all = (await read()).inputs.map(({ task }) => task);

    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await read({ limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      paged.push(...page.inputs.map(({ task }) => task));
      cursor = page.next;
    } while (cursor !== undefined);

    expect(all.length).toBeGreaterThanOrEqual(4);
    expect(paged).toEqual(all);
  });

  it('are found by the inputs of their run, by their key, and by their workflow', async () => {
    const run = await aPlayedRun({ course: 'sw-KE' });

    expect((await read({ find: 'SW-ke' })).inputs.map((one) => one.run)).toEqual([run, run]);
    expect(new Set((await read({ find: 'row=2' })).inputs.map(({ key }) => key))).toEqual(new Set(['row=2']));
    expect((await read({ workflow: 'other' })).inputs).toEqual([]);
    expect((await read({ id: 'greeting' })).inputs).toEqual([]);
  });

  it('are none of a run that only tried something out, newest first as by score', async () => {
    const real = await aPlayedRun({ course: 'tried-1' }, [0.5]);
    const tried = await aPlayedRun({ course: 'tried-2' }, [0.1]);
    await database.current.query({
      text: `update runs set test_of = 'block' where id = $1`,
      values: [tried],
    });

    const { inputs } = await read({ find: 'tried-' });
    const worst = await new ReadPastInputs(database.current, new Plans()).worst({
      ...{ kind: 'prompt', id: 'greet', workflow: undefined, find: 'tried-', maxScore: undefined, limit: 50 },
    });

    expect(new Set(inputs.map(({ run }) => run))).toEqual(new Set([real]));
    expect(new Set(worst.inputs.map(({ run }) => run))).toEqual(new Set([real]));
  });

  it('are told with the worst score first, over runs and samples, up to a score', async () => {
    const bad = await aPlayedRun({ course: 'worst-1' }, [0.9, 0.2]);
    const good = await aPlayedRun({ course: 'worst-2' }, [0.6, 1]);
    const worst = async (of: { maxScore?: number; limit?: number; find?: string } = {}) => {
      const { inputs } = await new ReadPastInputs(database.current, new Plans()).worst({
        ...{ kind: 'prompt', id: 'greet', workflow: undefined, find: 'worst-', maxScore: undefined },
        ...{ limit: 50, ...of },
      });
      return inputs.map(({ run, key, score }) => [run, key, score]);
    };

    expect(await worst()).toEqual([
      [bad, 'row=2', 0.2],
      [good, 'row=1', 0.6],
      [bad, 'row=1', 0.9],
      [good, 'row=2', 1],
    ]);
    expect(await worst({ limit: 1 })).toEqual([[bad, 'row=2', 0.2]]);
    expect(await worst({ maxScore: 0.6, find: 'worst-2' })).toEqual([[good, 'row=1', 0.6]]);
  });
});
