import { compile } from '@duofactory/engine';
import { OutboxMigration } from '@duofactory/messaging';
import { useDatabase } from '@duofactory/testing';
import { describe, expect, it } from '@jest/globals';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { brokenInvariants } from './scenarios/broken-invariants.js';
import { playScenario } from './scenarios/play-scenario.js';
import { manifestsOf, readScenario } from './scenarios/scenario.js';

const scenarios = new URL('../../../libs/engine/scenarios/', import.meta.url);
const SEEDS = 5;

/** Files that this version supports: those with rerun and quality loops come with these. */
const PLAYED = [
  'bad-results',
  'cross',
  'diamond',
  'dropped-group',
  'fail-and-retry',
  'group-closes-early',
  'kept-import',
  'late-and-lost',
  'one-at-a-time',
  'optional-need',
  'stopped-by-failure',
  'too-few-successes',
  'zero-rows',
];

describe('workflow semantics, played from files', () => {
  const database = useDatabase('orchestrator', [...ORCHESTRATOR_MIGRATIONS, OutboxMigration]);

  it.each(PLAYED)(
    '%s',
    async (name) => {
      const scenario = readScenario(new URL(`${name}.yaml`, scenarios).pathname);
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const played = await playScenario(scenario, database.current, seed);
        const at = { name, seed };

        expect({ ...at, complaints: played.complaints }).toEqual({ ...at, complaints: [] });
        expect({ ...at, status: played.status }).toEqual({ ...at, status: scenario.expect.status });
        expect(played.statusBeforeRetry).toBe(scenario.expect.statusBeforeRetry);
        expect({ ...at, payloads: played.payloads }).toMatchObject({
          ...at,
          payloads: scenario.expect.payloads,
        });
        expect({ ...at, tasks: played.tasks }).toMatchObject({ ...at, tasks: scenario.expect.tasks ?? {} });
        for (const [block, keys] of Object.entries(scenario.expect.sees ?? {})) {
          for (const [key, names] of Object.entries(keys))
            expect(await played.sees(block, key)).toEqual([...names].sort());
        }
        expect(await brokenInvariants(database.current, played.run)).toEqual([]);
      }
    },
    60_000,
  );

  it('waits for the groups that the files say', () => {
    for (const name of ['diamond', 'group-closes-early', 'zero-rows']) {
      const scenario = readScenario(new URL(`${name}.yaml`, scenarios).pathname);
      const manifests = new Map(manifestsOf(scenario).map((manifest) => [manifest.type, manifest]));
      const compiled = compile(scenario.definition as never, manifests);
      const scopes = 'plan' in compiled ? compiled.plan.blocks.filter((block) => block.scope) : [];

      expect(Object.fromEntries(scopes.map(({ id, scope }) => [id, scope]))).toEqual(scenario.expect.scopes);
    }
  });

  it('refuses definitions by code, naming the block', () => {
    const scenario = readScenario(new URL('refused.yaml', scenarios).pathname);
    const manifests = new Map(manifestsOf(scenario).map((manifest) => [manifest.type, manifest]));
    // Quality loops are refused as a whole by this version.
    for (const { code, block, definition } of scenario.refused!.filter(
      (one) => !one.code.startsWith('repeat-'),
    )) {
      const compiled = compile(definition as never, manifests);

      expect('refusals' in compiled ? compiled.refusals : []).toEqual(
        expect.arrayContaining([expect.objectContaining({ code, block })]),
      );
    }
  });
});
