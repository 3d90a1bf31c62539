import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compile, type Definition, type Plan } from '../src/index.js';
import { batchOutcome } from './batch-oracle.js';
import { MemoryRun } from './memory-run.js';
import { MANIFESTS, PlayedServices } from './played-services.js';
import { randomFrom } from './random-from.js';

const HISTORIES = Number(process.env['DUOFACTORY_ENGINE_HISTORIES'] ?? 2000);
const SEED = Number(process.env['DUOFACTORY_ENGINE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const OF_CROSSES = Math.ceil(HISTORIES / 4);
const NO_LIMIT_MS = 600_000 + HISTORIES * 100;

const drawnBlock = fc.record({
  type: fc.constantFrom('map', 'rows', 'gen', 'pick', 'collect', 'spread'),
  root: fc.constantFrom(false, false, true),
  times: fc.integer({ min: 1, max: 2 }),
  needs: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
  optional: fc.boolean(),
  per: fc.option(fc.nat(5), { nil: undefined }),
  when: fc.boolean(),
  cross: fc.boolean(),
  onError: fc.constantFrom('drop', 'keep', 'drop', 'keep', 'fail'),
  minSuccess: fc.constantFrom(undefined, undefined, undefined, '50%', 1),
  repeat: fc.option(
    fc.record({
      from: fc.nat(5),
      rounds: fc.integer({ min: 1, max: 3 }),
      until: fc.boolean(),
      otherwise: fc.constantFrom('drop', 'keep', 'fail'),
    }),
    { nil: undefined },
  ),
});
type DrawnBlock = typeof drawnBlock extends fc.Arbitrary<infer T> ? T : never;

/** What is drawn names blocks by how far above they are, so that most of it is a definition. */
function definitionOf(drawn: readonly DrawnBlock[]): Definition {
  const id = (at: number): string => `b${at}`;
  const blocks = drawn.map((one, at) => {
    const isAll = ['pick', 'collect', 'spread'].includes(one.type);
    const above = (distance: number): string => id(Math.max(0, at - 1 - (distance % Math.max(1, at))));
    const needs = [...new Set(at === 0 || (one.root && !isAll) ? [] : one.needs.map(above))];
    const type = at === 0 && isAll ? 'rows' : one.type;
    return {
      id: id(at),
      type,
      // Any but one of them may be optional, the first one too.
      needs: needs.map((block, n) => ({ block, optional: one.optional && n !== at % needs.length })),
      ...(type === 'gen' ? { times: one.times } : {}),
      ...(isAll && at > 0 && one.per !== undefined ? { per: above(one.per) } : {}),
      ...(one.when && at % 2 === 1 ? { when: 'played' } : {}),
      ...(one.cross ? { cross: true } : {}),
      onError: one.onError,
      ...(one.onError === 'fail' || one.minSuccess === undefined ? {} : { minSuccess: one.minSuccess }),
      ...(isAll && at > 0 && one.repeat
        ? {
            repeat: {
              from: above(one.repeat.from),
              rounds: one.repeat.rounds,
              otherwise: one.repeat.otherwise,
              ...(one.repeat.until ? { until: 'played' } : {}),
            },
          }
        : {}),
    };
  });
  return { blocks: blocks };
}

/** What the compiler refuses is mended by taking the property away that it names, until it is a plan. */
function planOf(definition: Definition): Plan {
  const blocks = structuredClone(definition.blocks) as Record<string, unknown>[];
  for (;;) {
    const compiled = compile({ blocks } as unknown as Definition, MANIFESTS);
    if ('plan' in compiled) return compiled.plan;
    const { code, block: id } = compiled.refusals[0]!;
    const block = blocks.find((one) => one['id'] === id)!;
    if (code.startsWith('repeat-')) for (const one of blocks) delete one['repeat'];
    else if (code.startsWith('per-')) delete block['per'];
    else if (code === 'join-without-shared-lineage') block['cross'] = true;
    else block['needs'] = (block['needs'] as { block: string }[]).slice(0, 1).map((need) => need.block);
  }
}

/** brief -> script -> score -> best (a loop) -> title: drawn on its own, as chance rarely makes one. */
const drawnLoop = fc
  .record({
    times: fc.integer({ min: 1, max: 2 }),
    rounds: fc.integer({ min: 1, max: 3 }),
    inner: fc.boolean(),
    judges: fc.boolean(),
    until: fc.boolean(),
    otherwise: fc.constantFrom('drop', 'keep'),
    whens: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
    onErrors: fc.array(fc.constantFrom('drop', 'keep'), { minLength: 7, maxLength: 7 }),
    type: fc.constantFrom('pick', 'collect', 'spread'),
    per: fc.boolean(),
  })
  .map(({ times, rounds, inner, judges, until, otherwise, whens, onErrors, type, per }): Definition => {
    const blocks = [
      { id: 'brief', type: per ? 'rows' : 'map' },
      { id: 'script', type: 'gen', times },
      { id: 'score', type: judges ? 'gen' : 'map', ...(judges ? { times: 2 } : {}) },
      ...(inner ? [{ id: 'verdict', type: 'pick', per: 'script' }] : []),
      {
        id: 'best',
        type,
        ...(per ? { per: 'brief' } : {}),
        repeat: { from: 'script', rounds, otherwise, ...(until ? { until: 'played' } : {}) },
      },
      { id: 'title', type: 'gen' },
      { id: 'export', type: 'collect' },
    ];
    return {
      blocks: blocks.map((block, n) => ({
        ...block,
        onError: onErrors[n],
        ...(whens[n] ? { when: 'played' } : {}),
      })) as Definition['blocks'],
    };
  });

/** Two crosses of the same imports, joined: a scope that could be born in two places. */
const drawnCrosses = fc
  .record({
    first: fc.constantFrom('map', 'gen'),
    second: fc.constantFrom('map', 'gen'),
    whens: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
    onErrors: fc.array(fc.constantFrom('drop', 'keep'), { minLength: 7, maxLength: 7 }),
  })
  .map(({ first, second, whens, onErrors }): Definition => {
    const blocks = [
      { id: 'unit', type: 'rows', needs: [] },
      { id: 'show', type: 'rows', needs: [] },
      { id: 'slow', type: 'map', needs: ['show'] },
      { id: 'x', type: first, needs: ['unit', 'show'], cross: true },
      { id: 'y', type: second, needs: ['slow', 'unit'], cross: true },
      { id: 'both', type: 'map', needs: ['x', 'y'] },
      { id: 'export', type: 'collect' },
    ];
    return {
      blocks: blocks.map((block, n) => ({
        ...block,
        onError: onErrors[n],
        ...(whens[n] ? { when: 'played' } : {}),
      })) as Definition['blocks'],
    };
  });

/** A join whose optional need has groups of its own, below which it is joined again: where it has nothing, nobody counts for them. */
const drawnPartners = fc
  .record({
    times: fc.integer({ min: 1, max: 2 }),
    onErrors: fc.array(fc.constantFrom('drop', 'keep'), { minLength: 8, maxLength: 8 }),
  })
  .map(({ times, onErrors }): Definition => {
    const blocks = [
      { id: 'unit', type: 'rows', needs: [] },
      { id: 'script', type: 'gen', times, needs: ['unit'] },
      { id: 'line', type: 'gen', times: 2, needs: ['script'] },
      { id: 'voice', type: 'gen', times, needs: ['unit'] },
      { id: 'cast', type: 'map', needs: ['script', 'voice'] },
      { id: 'said', type: 'map', needs: ['line', 'voice', { block: 'cast', optional: true }] },
      { id: 'both', type: 'map', needs: ['said', 'cast'] },
      { id: 'export', type: 'collect' },
    ];
    return { blocks: blocks.map((block, n) => ({ ...block, onError: onErrors[n] })) as Definition['blocks'] };
  });

function check(plan: Plan, answers: number, schedule: number): void {
  const services = new PlayedServices(answers);
  const expected = batchOutcome(plan, services);
  const played = new MemoryRun(plan, services, randomFrom(schedule)).play();

  expect(played.status).toBe(expected.status);
  // Where a run stops, depends on what had come by then.
  if (expected.status === 'failed') return;
  expect(played).toEqual(expected);
}

describe('whatever happens on the way, a run comes to what its definition means', () => {
  process.stdout.write(
    `Histories of the engine: seed ${SEED}; DUOFACTORY_ENGINE_SEED=${SEED} plays the same again.\n`,
  );

  it(
    `${HISTORIES} drawn definitions and histories equal the batch oracle`,
    () => {
      const drawn = fc.array(drawnBlock, { minLength: 2, maxLength: 8 });
      fc.assert(
        fc.property(drawn, fc.nat(), fc.nat(), (blocks, answers, schedule) => {
          check(planOf(definitionOf(blocks)), answers, schedule);
        }),
        { numRuns: HISTORIES, seed: SEED },
      );
    },
    NO_LIMIT_MS,
  );

  it(
    `${OF_CROSSES} histories of crosses that meet again equal the batch oracle`,
    () => {
      fc.assert(
        fc.property(drawnCrosses, fc.nat(), fc.nat(), (definition, answers, schedule) => {
          check(planOf(definition), answers, schedule);
        }),
        { numRuns: OF_CROSSES, seed: SEED },
      );
    },
    NO_LIMIT_MS,
  );

  it(
    `${OF_CROSSES} histories of partners that may be missing equal the batch oracle`,
    () => {
      fc.assert(
        fc.property(drawnPartners, fc.nat(), fc.nat(), (definition, answers, schedule) => {
          check(planOf(definition), answers, schedule);
        }),
        { numRuns: OF_CROSSES, seed: SEED },
      );
    },
    NO_LIMIT_MS,
  );

  it(
    `${HISTORIES} histories of quality loops equal the batch oracle`,
    () => {
      fc.assert(
        fc.property(drawnLoop, fc.nat(), fc.nat(), (definition, answers, schedule) => {
          check(planOf(definition), answers, schedule);
        }),
        { numRuns: HISTORIES, seed: SEED },
      );
    },
    NO_LIMIT_MS,
  );
});
