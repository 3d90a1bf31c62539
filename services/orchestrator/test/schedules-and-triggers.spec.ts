import { canonicalJson, type CloudEvent } from '@duofactory/contracts';
import { Expressions, type EvaluateOptions } from '@duofactory/expressions';
import { LocalBus, type DeadLetter } from '@duofactory/messaging';
import { FsObjectStore } from '@duofactory/objects';
import { Database, createLogger, type Problem } from '@duofactory/platform';
import { quietLog, Received, useDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { Batches } from '../src/app/batches/batches.js';
import type { ChildRuns } from '../src/app/advance/child-runs.js';
import { Reviews } from '../src/app/reviews/reviews.js';
import { Schedules, type ScheduleRequest } from '../src/app/starts/schedules.js';
import { SweepRuns } from '../src/app/advance/sweep-runs.js';
import { TriggerConditions } from '../src/app/starts/trigger-conditions.js';
import { Triggers } from '../src/app/starts/triggers.js';
import { TriggerBody } from '../src/http/triggers.controller.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { Stage } from '../src/scenarios/stage.js';
import { MANIFESTS } from './on-stage.js';

const log = createLogger('test', { level: 'silent' });

const problemOf = async (work: Promise<unknown>): Promise<Problem> =>
  work.then(
    () => Promise.reject(new Error('It should have been refused')),
    (error: unknown) => error as Problem,
  );

/** The same with names in one order: a database keeps none. */
const sorted = (value: unknown): unknown => JSON.parse(canonicalJson(value)) as unknown;

describe('what starts runs by itself', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);
  const expressions = new Expressions();
  let stage: Stage;
  /** Another orchestrator: connections, counters and outbox of its own. */
  let second: Stage;
  let connection: Database;

  const runsOf = async (unit: string): Promise<object[]> => {
    const text = `SELECT inputs, idempotency_key AS key FROM runs WHERE inputs->>'unit' = $1 ORDER BY key`;
    return (await database.current.query<{ key: string }>({ text, values: [unit] })).rows;
  };

  beforeAll(async () => {
    const { current } = database;
    stage = new Stage({ database: current, expressions, objects: new FsObjectStore(tmpdir()) });
    await stage.open(MANIFESTS);
    const migrations = ORCHESTRATOR_MIGRATIONS;
    connection = await Database.open({ url: database.url, schema: 'orchestrator', migrations });
    second = new Stage({ database: connection, expressions, objects: new FsObjectStore(tmpdir()) });
    await second.open([]);
    await stage.parts.publish.publish('lesson', {
      kind: 'workflow',
      id: 'lesson',
      inputs: { unit: { type: 'string' }, level: { type: 'number', default: 1 } },
      blocks: [{ id: 'work', type: 'map', needs: [] }],
    });
  });

  afterAll(async () => {
    await stage.close();
    await second.close();
    await connection.close();
    await expressions.stop();
  });

  describe('a schedule', () => {
    const schedules = () => new Schedules(database.current, stage.parts.start, stage.clock, log);
    const daily = (unit: string, of: Partial<ScheduleRequest> = {}): ScheduleRequest => ({
      workflow: 'lesson',
      inputs: { unit },
      cron: '0 6 * * *',
      timeZone: 'Europe/Madrid',
      missed: 'skip',
      paused: false,
      ...of,
    });
    const turnTo = (time: string): void =>
      stage.clock.advance(new Date(time).getTime() - stage.clock.now().getTime());

    it('starts one run each time in its zone, by whichever of two orchestrators looks', async () => {
      turnTo('2031-03-28T12:00:00Z');
      await schedules().put('zone', daily('zone'));

      for (const time of ['2031-03-29T04:59:00Z', '2031-03-29T05:00:00Z', '2031-03-30T04:00:00Z']) {
        turnTo(time);
        await Promise.all([schedules().sweep(), schedules().sweep()]);
      }

      // Summer time began in the night of the 30th: six o'clock in Madrid is an hour earlier.
      expect(await runsOf('zone')).toEqual([
        { inputs: { unit: 'zone', level: 1 }, key: 'schedule/zone/2031-03-29T05:00:00.000Z' },
        { inputs: { unit: 'zone', level: 1 }, key: 'schedule/zone/2031-03-30T04:00:00.000Z' },
      ]);
    });

    // The hour that summer time skips, and the one that its end repeats.
    it.each<[string, string, string, string[]]>([
      [
        'begins',
        '30 2 * * *',
        '2032-03-27T12:00:00Z',
        ['2032-03-28T01:00:00.000Z', '2032-03-29T00:30:00.000Z'],
      ],
      [
        'ends',
        '30 2 * * *',
        '2032-10-30T12:00:00Z',
        ['2032-10-31T00:30:00.000Z', '2032-11-01T01:30:00.000Z'],
      ],
    ])('fires once a day when summer time %s, of two orchestrators', async (change, cron, from, times) => {
      const unit = `summer-${change}`;
      const other = new Schedules(connection, second.parts.start, stage.clock, log);
      turnTo(from);
      await schedules().put(unit, daily(unit, { cron }));

      for (let hours = 0; hours < 48; hours += 1) {
        stage.clock.advance(3_600_000);
        await Promise.all([schedules().sweep(), other.sweep()]);
      }

      const runs = (await runsOf(unit)) as { key: string }[];
      expect(runs.map(({ key }) => key)).toEqual(times.map((time) => `schedule/${unit}/${time}`));
      await schedules().delete(unit);
    });

    // Half an hour of summer time; clocks that change at midnight; east and west of the date line; none at all.
    it.each<[string, string, string, string[]]>([
      ['Australia/Lord_Howe', '15 2 * * *', '2034-09-30T00:00:00Z', ['2034-09-30T15:30', '2034-10-01T15:15']],
      ['America/Santiago', '0 0 * * *', '2034-09-02T12:00:00Z', ['2034-09-03T04:00', '2034-09-04T03:00']],
      ['America/Santiago', '30 23 * * *', '2034-04-01T12:00:00Z', ['2034-04-02T02:30', '2034-04-03T03:30']],
      ['America/New_York', '30 2 * * *', '2034-03-11T12:00:00Z', ['2034-03-12T07:00', '2034-03-13T06:30']],
      ['America/New_York', '30 1 * * *', '2034-11-04T12:00:00Z', ['2034-11-05T05:30', '2034-11-06T06:30']],
      ['Pacific/Auckland', '30 2 * * *', '2034-04-01T00:00:00Z', ['2034-04-01T13:30', '2034-04-02T14:30']],
      ['Pacific/Kiritimati', '0 0 * * *', '2034-03-11T12:00:00Z', ['2034-03-12T10:00', '2034-03-13T10:00']],
      ['Asia/Kathmandu', '0 6 * * *', '2034-03-11T12:00:00Z', ['2034-03-12T00:15', '2034-03-13T00:15']],
    ])('fires once a day in %s at "%s", of two orchestrators', async (timeZone, cron, from, times) => {
      const unit = `${timeZone}-${cron}`
        .toLowerCase()
        .replaceAll(/[^a-z0-9]+/g, '-')
        .replace(/-+$/, '');
      const other = new Schedules(connection, second.parts.start, stage.clock, log);
      turnTo(from);
      await schedules().put(unit, daily(unit, { cron, timeZone }));

      for (let looks = 0; looks < 96; looks += 1) {
        stage.clock.advance(30 * 60_000);
        await Promise.all([schedules().sweep(), other.sweep()]);
      }
      await schedules().delete(unit);

      const runs = (await runsOf(unit)) as { key: string }[];
      expect(runs.map(({ key }) => key)).toEqual(times.map((time) => `schedule/${unit}/${time}:00.000Z`));
    });

    it.each<['skip' | 'run', number]>([
      ['skip', 1],
      ['run', 25],
    ])(
      'of every hour, after a day away in which an hour was twice, told to %s, starts %i',
      async (missed, started) => {
        const unit = `day-away-${missed}`;
        const other = new Schedules(connection, second.parts.start, stage.clock, log);
        turnTo(missed === 'skip' ? '2035-11-04T03:30:00Z' : '2036-11-02T03:30:00Z');
        await schedules().put(unit, daily(unit, { cron: '0 * * * *', timeZone: 'America/New_York', missed }));

        // From half past eleven on the eve to the same time of the day on which summer time ends.
        stage.clock.advance(25 * 3_600_000);
        await Promise.all([schedules().sweep(), other.sweep()]);
        await Promise.all([other.sweep(), schedules().sweep()]);
        const { nextAt } = await schedules().show(unit);
        await schedules().delete(unit);

        const runs = (await runsOf(unit)) as { key: string }[];
        const last = new Date(nextAt!.getTime() - 3_600_000);
        expect(runs).toHaveLength(started);
        expect(runs.at(-1)!.key).toBe(`schedule/${unit}/${last.toISOString()}`);
        expect(nextAt!.getTime() - stage.clock.now().getTime()).toBe(30 * 60_000);
      },
    );

    it.each([
      ['begins', '2033-03-26T23:30:00Z'],
      ['ends', '2033-10-29T23:30:00Z'],
    ])('of every half hour fires every half hour when summer time %s', async (change, from) => {
      const unit = `half-hours-${change}`;
      turnTo(from);
      await schedules().put(unit, daily(unit, { cron: '*/30 * * * *', missed: 'run' }));

      stage.clock.advance(4 * 3_600_000);
      await schedules().sweep();
      await schedules().delete(unit);

      const began = new Date(from).getTime();
      const times = Array.from({ length: 8 }, (_, n) =>
        new Date(began + (n + 1) * 30 * 60_000).toISOString(),
      );
      const runs = (await runsOf(unit)) as { key: string }[];
      expect(runs.map(({ key }) => key)).toEqual(times.map((time) => `schedule/${unit}/${time}`));
    });

    it.each<['skip' | 'run', number]>([
      ['skip', 1],
      ['run', 3],
    ])('that missed three times, told to %s them, starts %i', async (missed, started) => {
      turnTo(missed === 'skip' ? '2031-05-01T12:00:00Z' : '2031-06-01T12:00:00Z');
      await schedules().put(`missed-${missed}`, daily(`missed-${missed}`, { missed, timeZone: 'UTC' }));

      turnTo(missed === 'skip' ? '2031-05-04T12:00:00Z' : '2031-06-04T12:00:00Z');
      await schedules().sweep();
      await schedules().sweep();

      const lastAt = new Date(missed === 'skip' ? '2031-05-04T06:00:00Z' : '2031-06-04T06:00:00Z');
      const runs = await runsOf(`missed-${missed}`);
      expect(runs).toHaveLength(started);
      expect(runs.at(-1)).toMatchObject({ key: `schedule/missed-${missed}/${lastAt.toISOString()}` });
      expect(await schedules().show(`missed-${missed}`)).toMatchObject({
        lastAt,
        nextAt: new Date(missed === 'skip' ? '2031-05-05T06:00:00Z' : '2031-06-05T06:00:00Z'),
      });
    });

    it('tells its next times in its zone, of a pattern too that is no schedule yet', async () => {
      turnTo('2033-03-26T04:00:00Z');
      const { cron, timeZone } = daily('told');

      // Summer time begins on the 27th.
      const days = ['2033-03-26T05:00:00.000Z', '2033-03-27T04:00:00.000Z', '2033-03-28T04:00:00.000Z'];
      const { upcoming } = await schedules().put('told', daily('told'));
      expect(upcoming.map((at) => at.toISOString())).toEqual([
        ...days,
        '2033-03-29T04:00:00.000Z',
        '2033-03-30T04:00:00.000Z',
      ]);
      expect(schedules().times({ cron, timeZone })).toEqual(upcoming);
      expect(schedules().times({ cron: '2040-12-24T18:00:00', timeZone })).toHaveLength(1);
      expect(await problemOf((async () => schedules().times({ cron: 'daily', timeZone }))())).toMatchObject({
        status: 422,
        errors: [{ field: 'cron' }],
      });
      expect((await schedules().put('told', daily('told', { paused: true }))).upcoming).toEqual([]);
      const of = (workflow?: string) => schedules().list(workflow);
      await schedules().put('told', daily('told', { workflow: 'lesson@1' }));
      expect((await of('lesson')).map(({ id }) => id)).toContain('told');
      expect(await of('less')).toEqual([]);
      // One that is to be new replaces nobody's.
      expect(await problemOf(schedules().put('told', daily('other'), true))).toMatchObject({
        ...{ status: 412, code: 'schedule-exists' },
        errors: [{ field: 'id' }],
      });
      expect(await schedules().show('told')).toMatchObject({ inputs: { unit: 'told' } });
      await schedules().delete('told');
      await schedules().put('told', daily('told'), true);
      await schedules().delete('told');
    });

    it('that is paused or deleted starts nothing', async () => {
      turnTo('2031-07-01T12:00:00Z');
      await schedules().put('paused', daily('paused', { paused: true }));
      await schedules().put('deleted', daily('deleted'));
      await schedules().delete('deleted');

      turnTo('2031-07-03T12:00:00Z');
      await schedules().sweep();

      expect([...(await runsOf('paused')), ...(await runsOf('deleted'))]).toEqual([]);
    });

    it('of one time starts its run and has no next time', async () => {
      turnTo('2031-08-01T12:00:00Z');
      await schedules().put('once', daily('once', { cron: '2031-08-01T18:18:25', missed: 'run' }));

      turnTo('2031-08-01T16:18:25Z');
      await schedules().sweep();
      turnTo('2031-08-03T12:00:00Z');
      await schedules().sweep();

      expect(await runsOf('once')).toMatchObject([{ key: 'schedule/once/2031-08-01T16:18:25.000Z' }]);
      expect(await schedules().show('once')).toMatchObject({ nextAt: null, error: null });
    });

    it.each<[string, string, string]>([
      [
        'whose pattern cannot be read any more',
        'beside-unreadable',
        `UPDATE schedules SET cron = 'none' WHERE id = 'sick'`,
      ],
      [
        'whose run cannot be started',
        'beside-unstartable',
        // As another version: one that was read is kept, since it never changes.
        `UPDATE workflow_versions SET version = 2, definition = jsonb_set(definition::jsonb, '{deadline}', '"soon"')
         WHERE workflow = 'sick'; UPDATE workflows SET latest = 2 WHERE id = 'sick'`,
      ],
    ])('%s shows why, holds up no other, and goes on once it is mended', async (_, sound, spoil) => {
      turnTo('2031-09-01T12:00:00Z');
      const blocks = [{ id: 'work', type: 'map', needs: [] }];
      const definition = { kind: 'workflow', id: 'sick', inputs: { unit: { type: 'string' } }, blocks };
      await stage.parts.publish.publish('sick', definition);
      await schedules().put('sick', daily('sick', { workflow: 'sick', cron: '0 5 * * *' }));
      await schedules().put(sound, daily(sound));
      await database.current.query({ text: spoil });

      turnTo('2031-09-02T12:00:00Z');
      await schedules().sweep();
      const { error, nextAt } = await schedules().show('sick');
      await database.current.query({
        text: `UPDATE workflow_versions SET version = 3, definition = definition::jsonb - 'deadline' WHERE workflow = 'sick';
          UPDATE workflows SET latest = 3 WHERE id = 'sick'`,
      });
      await database.current.query({ text: `UPDATE schedules SET cron = '0 5 * * *' WHERE id = 'sick'` });
      await schedules().sweep();
      const mended = await schedules().show('sick');
      await schedules().delete('sick');
      await schedules().delete(sound);

      expect(error).toEqual(expect.any(String));
      expect(nextAt).toEqual(new Date('2031-09-02T03:00:00Z'));
      expect(await runsOf(sound)).toHaveLength(1);
      expect(mended).toMatchObject({ error: null, nextAt: new Date('2031-09-03T03:00:00Z') });
    });

    it('that missed hundreds of times, told to skip them, starts the last', async () => {
      turnTo('2031-10-01T12:00:00Z');
      await schedules().put('minutes', daily('minutes', { cron: '* * * * *' }));

      turnTo('2031-10-01T17:00:30Z');
      await schedules().sweep();
      await schedules().delete('minutes');

      expect(await runsOf('minutes')).toMatchObject([{ key: 'schedule/minutes/2031-10-01T17:00:00.000Z' }]);
    });

    it('that missed hundreds of times, told to run them, starts them all, a hundred a look', async () => {
      turnTo('2031-11-01T12:00:00Z');
      await schedules().put('all', daily('all', { cron: '* * * * *', missed: 'run' }));

      turnTo('2031-11-01T14:10:30Z');
      await schedules().sweep();
      const atOnce = (await runsOf('all')).length;
      await schedules().sweep();
      const { nextAt } = await schedules().show('all');
      await schedules().delete('all');

      expect(atOnce).toBe(100);
      expect(await runsOf('all')).toHaveLength(130);
      expect(nextAt).toEqual(new Date('2031-11-01T14:11:00Z'));
    });

    it('is swept though another sweep fails', async () => {
      turnTo('2031-12-01T12:00:00Z');
      await schedules().put('swept', daily('swept', { cron: '2031-12-01T13:00:01' }));
      const migrations = ORCHESTRATOR_MIGRATIONS;
      const closed = await Database.open({ url: database.url, schema: 'orchestrator', migrations });
      await closed.close();
      const parts = {
        advance: stage.parts.advance,
        reviews: new Reviews(closed, stage.parts.advance, stage.clock),
        schedules: schedules(),
        batches: { sweep: () => Promise.resolve() } as Batches,
        holds: stage.parts.holds,
        children: { sweep: () => Promise.resolve() } as ChildRuns,
      };
      const sweeps = new SweepRuns(parts, stage.clock, log);

      await sweeps.start();
      stage.clock.advance(1000);
      await sweeps.stop();

      expect(await runsOf('swept')).toHaveLength(1);
    });

    it.each<[string, Partial<ScheduleRequest>, string, string]>([
      ['an expression that is none', { cron: 'every day' }, 'invalid-schedule', 'cron'],
      ['a time that never comes', { cron: '0 0 30 2 *' }, 'invalid-schedule', 'cron'],
      ['one time that is over', { cron: '2020-01-01T00:00:00' }, 'invalid-schedule', 'cron'],
      ['a zone that is none', { timeZone: 'Europe/Atlantis' }, 'invalid-schedule', 'timeZone'],
      ['inputs that do not fit', { inputs: {} }, 'invalid-inputs', 'inputs.unit'],
    ])('is refused with %s', async (_, of, code, field) => {
      const problem = await problemOf(schedules().put('wrong', daily('wrong', of)));
      expect(problem).toMatchObject({ code, errors: [{ field }] });
    });

    it('is refused with an unknown workflow', async () => {
      const put = schedules().put('wrong', daily('wrong', { workflow: 'lessen' }));
      expect((await problemOf(put)).code).toBe('unknown-workflow');
    });
  });

  describe('a trigger', () => {
    const conditions = new TriggerConditions(expressions);
    const triggers = (by = conditions) =>
      new Triggers(database.current, stage.parts.start, by, ['curriculum'], stage.clock);
    const take = (event: CloudEvent) => triggers().takeAll('curriculum', [event]);
    const unitChanged = (data: object, id = 'e1') => ({
      id,
      source: '/curriculum',
      type: 'org.example.unit-changed.v1',
      time: '2031-01-01T00:00:00Z',
      data,
    });
    const trigger = {
      topic: 'curriculum',
      type: 'org.example.unit-changed.v1',
      source: null,
      when: null,
      workflow: 'lesson',
      inputs: { unit: '{{data.unit.id}}', level: '{{data.level}}' },
      paused: false,
    };

    it('starts a run with inputs from the event, once an event', async () => {
      await triggers().put('on-change', trigger);
      const event = unitChanged({ unit: { id: 't1' }, level: 3 });

      await Promise.all([take(event), take(event)]);
      await triggers().delete('on-change');

      expect(await runsOf('t1')).toEqual([
        { inputs: { unit: 't1', level: 3 }, key: 'trigger/on-change//curriculum#e1' },
      ]);
    });

    it('looks at its condition and at the source', async () => {
      await triggers().put('high', { ...trigger, when: 'data.level > 2', source: '/curriculum' });

      await take(unitChanged({ unit: { id: 't2' }, level: 2 }, 'e2'));
      await take({ ...unitChanged({ unit: { id: 't2' }, level: 5 }, 'e3'), source: '/other' });
      await take(unitChanged({ unit: { id: 't2' }, level: 4 }, 'e4'));
      await triggers().delete('high');

      expect(await runsOf('t2')).toMatchObject([{ inputs: { level: 4 } }]);
    });

    it('that is paused starts nothing until it is not', async () => {
      await triggers().put('resting', { ...trigger, paused: true });
      await take(unitChanged({ unit: { id: 't4' }, level: 1 }, 'e8'));
      await triggers().put('resting', trigger);
      await take(unitChanged({ unit: { id: 't4' }, level: 2 }, 'e9'));
      await triggers().delete('resting');

      expect(await runsOf('t4')).toMatchObject([{ inputs: { level: 2 } }]);
    });

    it('looks at the topic: the same type on another one is not meant', async () => {
      await triggers().put('topical', trigger);

      await triggers().takeAll('elsewhere', [unitChanged({ unit: { id: 't3' }, level: 1 }, 'e7')]);
      await triggers().delete('topical');

      expect(await runsOf('t3')).toEqual([]);
    });

    it('takes what an event says as data: a template in it stays text', async () => {
      await triggers().put('hostile', trigger);

      await take(unitChanged({ unit: { id: '{{data.level}}' }, level: 1 }, 'e5'));
      await triggers().delete('hostile');

      expect(await runsOf('{{data.level}}')).toHaveLength(1);
    });

    it('parks an event that lacks what it maps', async () => {
      await triggers().put('lacking', trigger);

      const error = await problemOf(take(unitChanged({ level: 1 }, 'e6')));
      await triggers().delete('lacking');

      expect(error).toMatchObject({ code: 'missing-variable', terminal: true });
    });

    it.each<[string, object]>([
      ['nothing where its input has a default', { unit: { id: 'x' } }],
      ['null', { unit: { id: null }, level: 1 }],
      ['text where a number is wanted', { unit: { id: 'x' }, level: 'high' }],
      ['a value where it maps a field of one', { unit: 'x', level: 1 }],
    ])('parks an event that has %s for what it maps', async (_, data) => {
      await triggers().put('unfit', trigger);

      const error = await problemOf(take(unitChanged(data, `unfit-${_}`)));
      await triggers().delete('unfit');

      expect(error).toMatchObject({ terminal: true });
      expect(await runsOf('x')).toEqual([]);
    });

    it('holds up no other, and an event that is sent again starts only what it did not start', async () => {
      await triggers().put('a-lacking', { ...trigger, inputs: { unit: '{{data.other}}' } });
      await triggers().put('b-sound', trigger);
      const event = unitChanged({ unit: { id: 't8' }, level: 1 }, 'e8');

      const error = await problemOf(take(event));
      const atFirst = await runsOf('t8');
      await triggers().put('a-lacking', { ...trigger, inputs: { unit: '{{data.unit.id}}' } });
      await triggers().put('b-sound', { ...trigger, inputs: { unit: 'changed since' } });
      await take(event);
      await triggers().delete('a-lacking');
      await triggers().delete('b-sound');

      expect(error).toMatchObject({ code: 'missing-variable', terminal: true });
      expect(error.message).toContain('Trigger "a-lacking"');
      expect(atFirst).toMatchObject([{ key: 'trigger/b-sound//curriculum#e8' }]);
      expect(await runsOf('t8')).toMatchObject([
        { key: 'trigger/a-lacking//curriculum#e8' },
        { key: 'trigger/b-sound//curriculum#e8' },
      ]);
      expect(await runsOf('changed since')).toEqual([]);
    });

    it('that loops on some events parks these within seconds, and the ones between and behind start', async () => {
      const inVain: (number | undefined)[] = [];
      class Timed extends Expressions {
        override async evaluate(when: string, scopes: readonly object[], options: EvaluateOptions = {}) {
          try {
            return await super.evaluate(when, scopes, options);
          } catch (error) {
            inVain.push(options.timeLimitMs);
            throw error;
          }
        }
      }
      const timed = new Timed();
      const [own, letters] = [new TriggerConditions(timed), new Received<DeadLetter>()];
      const keep = (letter: DeadLetter) => Promise.resolve(letters.add(letter));
      const bus = new LocalBus({ log: quietLog, deadLetters: { keep } });
      const when = 'data.level > 1 or ($again := function($n) { $again($n + 1) }; $again(1))';
      await triggers().put('looping', { ...trigger, when });
      const topics = ['curriculum'];
      const batch = (events: CloudEvent[]) => triggers(own).takeAll('curriculum', events);
      await bus.subscribe({ group: 'looping', topics, batch });
      await bus.start();
      const events = [1, 1, 2, 1, 1, 2, 1, 1, 1].map((level, n) =>
        unitChanged({ unit: { id: 't10' }, level }, `loop-${n}`),
      );

      await bus.publish(events.map((event) => ({ topic: 'curriculum', key: 'k', event })));
      await bus.stop();
      await triggers().delete('looping');
      await timed.stop();

      expect(letters.items.map(({ errorCode }) => errorCode)).toEqual(Array(7).fill('expression-timeout'));
      expect(letters.items[0]!.errorMessage).toContain('Trigger "looping"');
      expect(await runsOf('t10')).toHaveLength(2);
      // All together, the first alone, and a tenth for each other that loops: none is asked again as the batch is cut.
      expect(inVain).toEqual([undefined, undefined, 100, 100, 100, 100, 100, 100]);
    }, 60_000);

    it('takes events for one only if both their source and their id are equal', async () => {
      await triggers().put('apart', { ...trigger, inputs: { unit: 't9' } });
      const events = [
        { ...unitChanged({}, 'b#c'), source: '/a' },
        { ...unitChanged({}, 'c'), source: '/a#b' },
        { ...unitChanged({}, 'c'), source: '/a%23b' },
      ];

      for (const event of [...events, ...events]) await take(event);
      await triggers().delete('apart');

      expect(await runsOf('t9')).toHaveLength(3);
    });

    describe('on the end of runs', () => {
      const ended = (run: string): CloudEvent => ({
        ...unitChanged({ run, workflow: 'lesson', status: 'completed' }, `ended-${run}`),
        source: '/duofactory/orchestrator',
        type: 'run-completed.v1',
      });
      const idsOf = async (unit: string): Promise<string[]> => {
        const text = `SELECT id FROM runs WHERE inputs->>'unit' = $1 `;
        const { rows } = await database.current.query<{ id: string }>({ text, values: [unit] });
        return rows.map(({ id }) => id);
      };
      /** Each run that a trigger starts ends, and sets it off again, until its event is refused. */
      const goRound = async (first: string, unit: string): Promise<{ error: Problem; started: string[] }> => {
        const started: string[] = [];
        while (started.length < 20) {
          const known = await idsOf(unit);
          try {
            await take(ended(started.at(-1) ?? first));
          } catch (error) {
            return { error: error as Problem, started };
          }
          started.push((await idsOf(unit)).find((id) => !known.includes(id))!);
        }
        throw new Error('It goes on for ever');
      };
      const again = { ...trigger, type: 'run-completed.v1', when: `data.workflow = 'lesson'` };

      it('that starts its own workflow stops at the eighth run, and the event is parked', async () => {
        const { start, history } = stage.parts;
        await triggers().put('again', { ...again, inputs: { unit: 'round' } });
        const { id } = await start.execute({ workflow: 'lesson', inputs: { unit: 'first' } });

        const { error, started } = await goRound(id, 'round');
        await triggers().delete('again');

        expect(started).toHaveLength(8);
        expect(await idsOf('round')).toHaveLength(8);
        expect(error).toMatchObject({ code: 'too-deep', terminal: true });
        expect(error.message).toContain('Trigger "again"');
        const all = { block: undefined, key: undefined, task: undefined, cursor: undefined, limit: 1 };
        const [began] = (await history.execute(started[0]!, all)).transitions;
        expect(began).toMatchObject({ what: 'started', cause: { trigger: 'again', after: id } });
      });

      it('counts for a run inside a run what led to the run above it', async () => {
        const { start } = stage.parts;
        await triggers().put('inside', { ...again, inputs: { unit: 'inside' } });
        const { id: first } = await start.execute({ workflow: 'lesson', inputs: { unit: 'outer' } });
        await take(ended(first));
        const [above] = await idsOf('inside');
        const parent = { run: above!, task: above!, attempt: 1, depth: 1, output: null };
        const child = { id: randomUUID(), lineage: above!, parent, deadlineAt: null };
        await start.execute({ workflow: 'lesson', inputs: { unit: 'child' }, child });

        const { started } = await goRound(child.id, 'inside');
        await triggers().delete('inside');

        expect(started).toHaveLength(7);
      });
    });

    describe('of hostile events', () => {
      const deep = (depth: number): unknown =>
        JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as unknown;
      const given = (value: unknown, id: string) => unitChanged({ given: value, level: 1 }, id);
      const open = { ...trigger, workflow: 'open', inputs: { given: '{{data.given}}' } };
      const inputsBy = async (id: string): Promise<unknown[]> => {
        const text = 'SELECT inputs FROM runs WHERE idempotency_key = $1';
        const values = [`trigger/hostile-open//curriculum#${id}`];
        const { rows } = await database.current.query<{ inputs: { given: unknown } }>({ text, values });
        return rows.map(({ inputs }) => inputs.given);
      };

      beforeAll(async () => {
        await stage.parts.publish.publish('open', {
          ...{ kind: 'workflow', id: 'open', inputs: { given: { type: 'object' } } },
          blocks: [{ id: 'work', type: 'map', needs: [], with: { said: '{{given}}' } }],
        });
        await triggers().put('hostile-open', { ...open, when: '$exists(data.given)' });
      });
      afterAll(() => triggers().delete('hostile-open'));

      it.each<[string, unknown]>([
        [
          'names of the prototype',
          JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
        ],
        ['SQL', { "'); DROP TABLE runs; --": "' OR 1 = 1; --" }],
        ['templates', { '{{data.level}}': '{{data.level}} {{image:x}} {{' }],
        ['expressions', { '$eval("1")': '$eval("$error(1)")', when: '(function($f){$f($f)})' }],
        ['a hundred levels', deep(100)],
        ['300,000 characters', { text: 'é'.repeat(300_000) }],
        ['ten thousand names', Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`n${n}`, n]))],
        ['controls and the end of a line', { text: '\u0001\u001b[2J\r\n\u2028' }],
      ])('takes %s as data', async (name, value) => {
        await take(given(value, name));
        const requests = await stage.take();

        const kept = await inputsBy(name);
        expect(kept).toHaveLength(1);
        expect(JSON.stringify(sorted(kept[0]))).toBe(JSON.stringify(sorted(value)));
        expect(JSON.stringify(sorted(requests.at(-1)?.with['said'] ?? value))).toBe(
          JSON.stringify(sorted(value)),
        );
        expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
      });

      it.each<[string, unknown]>([
        ['text', 'text'],
        ['a list', [1]],
        ['null', null],
        ['a number beyond all', 1e308 * 10],
        ['ten thousand levels', deep(10_000)],
        ['a hundred thousand levels', deep(100_000)],
      ])('parks at once what cannot be an input: %s; the next one starts', async (name, value) => {
        const error = await problemOf(take(given(value, name)));
        await take(given({ after: name }, `after ${name}`));

        expect(error).toMatchObject({ terminal: true });
        expect(error.message.length).toBeLessThan(1000);
        expect(await inputsBy(name)).toEqual([]);
        expect(await inputsBy(`after ${name}`)).toEqual([{ after: name }]);
      });

      it.each<[string, unknown]>([
        ['the character that no database holds', { text: 'a\u0000b' }],
        ['half a character', { text: 'a\ud800b' }],
      ])('takes what a database can keep of %s', async (name, value) => {
        await take(given(value, name));

        expect(await inputsBy(name)).toEqual([{ text: 'a\ufffdb' }]);
      });

      it.each<[string, Partial<CloudEvent>]>([
        ['no data', { data: undefined }],
        ['data that are a list', { data: [[]] }],
        ['data that are text', { data: '{"given":{}}' }],
      ])('starts nothing for %s, and parks nothing: its condition does not hold', async (name, of) => {
        await take({ ...unitChanged({}, name), ...of });

        expect(await inputsBy(name)).toEqual([]);
      });

      it('is known by source and id, whatever stands in them', async () => {
        const id = "'; --/../{{id}}#".repeat(20);

        await take(given({ n: 1 }, id));
        await take(given({ n: 2 }, id));

        expect(await inputsBy(id)).toEqual([{ n: 1 }]);
      });
    });

    it.each<[string, object, string]>([
      ['a template that is none', { inputs: { unit: '{{data.unit' } }, 'inputs.unit'],
      ['one inside a value', { inputs: { unit: 'unit {{}} of {{data.level}}' } }, 'inputs.unit'],
      ['no mapping for an input that is required', { inputs: { level: 1 } }, 'inputs.unit'],
      ['a literal of the wrong type', { inputs: { unit: 'x', level: 'high' } }, 'inputs.level'],
      ['text for a number', { inputs: { unit: 'x', level: 'No. {{data.level}}' } }, 'inputs.level'],
      ['a topic that nobody listens to', { topic: 'elsewhere' }, 'topic'],
      ['an input that is none', { inputs: { unit: 'x', unti: 'x' } }, 'inputs.unti'],
      ['a condition that is no expression', { when: 'data.level >' }, 'when'],
      ['a template of what no event has', { inputs: { unit: '{{dat.unit.id}}' } }, 'inputs.unit'],
      ['one of a name in the data', { inputs: { unit: 'of {{unit.id}}' } }, 'inputs.unit'],
      ['a picture, which no event has', { inputs: { unit: '{{image:data}}' } }, 'inputs.unit'],
      ['a condition about what no event has', { when: 'level > 2 and data.level > 2' }, 'when'],
    ])('is refused with %s', async (_, of, field) => {
      const { errors } = await problemOf(triggers().put('wrong', { ...trigger, ...of }));
      expect(errors).toMatchObject([{ field }]);
    });

    it('is told what an event has, where a path begins with something else', async () => {
      const inputs = { unit: '{{dat.unit.id}}' };
      const { errors } = await problemOf(triggers().put('wrong', { ...trigger, inputs }));

      expect(errors![0]!.message).toBe(
        '"{{dat.unit.id}}" reads "dat", which no event has (did you mean "data"?): a path begins with data, id, source, type, subject, time, traceparent; what the event carries is in data',
      );
    });

    it.each(['type', 'source'])('is asked for with no empty %s, which no event has', (field) => {
      const { topic, type, workflow } = trigger;
      const faultsOf = (body: object) =>
        validateSync(plainToInstance(TriggerBody, { topic, type, workflow, ...body }));

      expect(faultsOf({})).toEqual([]);
      expect(faultsOf({ [field]: '' })).toMatchObject([{ property: field }]);
    });
  });
});
