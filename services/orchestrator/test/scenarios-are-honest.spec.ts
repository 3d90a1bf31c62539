import { Expressions } from '@duofactory/expressions';
import { FsObjectStore } from '@duofactory/objects';
import { useDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { parse } from 'yaml';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { playScenario } from '../src/scenarios/play-scenario.js';
import { playOrFail } from '../src/scenarios/run-scenarios.js';
import { checkScenario, parseScenario } from '../src/scenarios/scenario.js';
import { watchInvariants } from '../src/scenarios/watch-invariants.js';

type Spoil = (value: unknown) => unknown;

/** A scenario as it stands in its file, with one value changed. */
function spoilt(file: string, path: string, spoil: Spoil): unknown {
  const url = new URL(`../../../libs/engine/scenarios/${file}.yaml`, import.meta.url);
  const scenario: unknown = parse(readFileSync(url, 'utf8'));
  const names = path.split('.');
  const last = names.pop()!;
  let place = scenario as Record<string, unknown>;
  for (const name of names) place = place[name] as Record<string, unknown>;
  place[last] = spoil(place[last]);
  return scenario;
}

const to =
  (value: unknown): Spoil =>
  () =>
    value;
const withoutLast: Spoil = (list) => (list as unknown[]).slice(0, -1);
const reversed: Spoil = (list) => (list as unknown[]).toReversed();
const plusOne: Spoil = (number) => Number(number) + 1;

describe('a scenario that does not hold is noticed', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);
  const expressions = new Expressions();
  const objects = new FsObjectStore(tmpdir());
  beforeAll(() => watchInvariants(database.current));
  afterAll(() => expressions.stop());

  const whatDiffers = async (scenario: unknown): Promise<string[]> => {
    const on = { database: database.current, expressions, objects };
    const differences = await playScenario(checkScenario(scenario), on, 1);
    return differences.map(({ what }) => what);
  };
  const unspoilt = (file: string) => spoilt(file, 'name', (name) => name);

  it('holds as written', async () => {
    expect(await whatDiffers(unspoilt('diamond'))).toEqual([]);
  });

  it.each<[string, string, string, Spoil, string]>([
    ['a changed status', 'diamond', 'expect.status', to('partial'), 'status'],
    ['a key that is dropped', 'diamond', 'expect.payloads.quiz', withoutLast, 'payloads of quiz'],
    ['two keys that are swapped', 'diamond', 'expect.payloads.brief', reversed, 'payloads of brief'],
    ['a task too many', 'diamond', 'expect.tasks.both', plusOne, 'tasks of both'],
    ['a block that is not there', 'diamond', 'expect.payloads.other', to([]), 'payloads of other'],
    ['another scope', 'diamond', 'expect.scopes.both', withoutLast, 'scope of both'],
    ['a name unseen', 'zero-rows', 'expect.sees.export', to({ '': ['export', 'x'] }), 'what export "" sees'],
    [
      'a list in another order',
      'diamond',
      'services.export.0.expectPayloads',
      reversed,
      'payloads that export "" sample 1 gets',
    ],
    [
      'what was made, though an answer is held',
      'group-closes-early',
      'atQuiet.notMade.0.key',
      to('brief=a'),
      'at quiet best "brief=a"',
    ],
    [
      'what was made when all is quiet, though nothing is held',
      'diamond',
      'atQuiet',
      to({ notMade: [{ block: 'brief', key: '' }] }),
      'at quiet brief ""',
    ],
    ['a command that is refused', 'diamond', 'then', to([{ command: 'retry' }]), 'command retry'],
    [
      'an attempt that is never requested',
      'late-and-lost',
      'faults.0.events',
      to(['completed 1', 'publish 2']),
      'script "brief=a" 1',
    ],
    ['a refusal that does not come', 'refused', 'refused.0.block', to('brief'), 'refused'],
    [
      'a rerun that asks for more',
      'rerun-with-new-row',
      'rerun.expect.published',
      withoutLast,
      'rerun published',
    ],
    ['a rerun of another status', 'rerun-with-new-row', 'rerun.expect.status', to('failed'), 'rerun status'],
    ['the status before a retry', 'fail-and-retry', 'expect.statusBeforeRetry', to('x'), 'statusBeforeRetry'],
  ])('%s', async (_, file, path, spoil, what) => {
    expect(await whatDiffers(spoilt(file, path, spoil))).toEqual([what]);
  });

  it('an answer that is missing', async () => {
    expect(await whatDiffers(spoilt('diamond', 'services.title', withoutLast))).toContain('services');
  });

  it.each([
    [
      'a count that is not what a recount finds',
      `INSERT INTO more_counts VALUES (new.id, 9, 'more:1,0,0,0,0,0,0,0,0,0,0,0,0')`,
      /^to hold, got 3 the run's open work/,
    ],
    [
      'a result that is written twice',
      `UPDATE results SET value = '{}' WHERE run = new.id`,
      /^no error, got invariant 2/,
    ],
    [
      'a settled task that goes back',
      `UPDATE tasks SET status = 'ready' WHERE run = new.id AND xmin <> pg_current_xact_id()::xid`,
      /^no error, got invariant 1/,
    ],
    [
      'a task that an ended run asks for',
      `UPDATE tasks SET status = 'requested' WHERE run = new.id`,
      /invariant [18]:/,
    ],
    [
      'a payload that comes when its group has fired',
      `INSERT INTO waiting SELECT run, block, "group", need, key || '/late', ord FROM waiting WHERE run = new.id`,
      /^no error, got invariant 5/,
    ],
  ])('%s', async (_, spoil, what) => {
    const { current } = database;
    await current.query({
      text: `CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${spoil}; RETURN new; END $$`,
    });
    await current.query({
      text: `CREATE TRIGGER spoil AFTER UPDATE ON runs FOR EACH ROW WHEN (new.ended_at IS NOT NULL)
        EXECUTE FUNCTION spoil()`,
    });

    const on = { database: current, expressions, objects };
    const scenario = checkScenario(unspoilt('group-closes-early'));
    const [first] = await playOrFail(scenario, on, 1);
    await current.query({ text: 'DROP FUNCTION spoil CASCADE' });

    expect(`${String(first?.expected)}, got ${String(first?.got)}`).toMatch(what);
  });
});

describe('a scenario that is not understood is refused', () => {
  it.each<[string, string, Spoil, string]>([
    ['an unknown field of the file', 'expects', to({}), 'unknown field "expects"'],
    [
      'an answer that is both a result and an error',
      'services.title.0.error',
      to({ code: 'x' }),
      'more than one of result, outputs, picks and error',
    ],
    [
      'a rerun by another command',
      'rerun',
      to({ command: 'cancel', expect: { status: 'cancelled' } }),
      'the command of `rerun` is not "rerun"',
    ],
    ['an unknown field of an answer', 'services.title.0.reslt', to({}), 'unknown field "reslt"'],
    ['an unknown expectation', 'expect.statuses', to([]), 'unknown field "statuses"'],
    ['an unknown field of a fault', 'faults.0.after', to(1), 'unknown field "after"'],
    ['an unknown event', 'faults', to([{ task: { block: 'x', key: '' }, events: ['gone 1'] }]), '"gone 1"'],
    ['no expectation', 'expect', to(undefined), 'it expects nothing'],
    ['an empty expectation', 'expect', to({}), 'it expects nothing'],
    ['a fault at a misspelt block', 'faults.0.hold.block', to('scirpt'), 'no block is called "scirpt"'],
    ['answers of a misspelt block', 'services.tilte', to([]), 'no block is called "tilte"'],
    [
      'two answers for one task',
      'services.title',
      (list) => [...(list as unknown[]), (list as unknown[])[0]],
      'two answers',
    ],
    ['keys that are no list', 'expect.payloads.brief', to('brief=1'), 'must be array'],
    ['names that are no list', 'expect.sees.export', to(['other']), 'must be object'],
  ])('%s', (_, path, spoil, message) => {
    expect(() => checkScenario(spoilt('diamond', path, spoil))).toThrow(message);
  });

  it('no YAML', () => {
    expect(() => parseScenario('name: [')).toThrow('Flow sequence');
  });
});
