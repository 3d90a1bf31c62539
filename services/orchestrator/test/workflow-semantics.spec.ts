import { Expressions } from '@duofactory/expressions';
import { FsObjectStore } from '@duofactory/objects';
import { useDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { playScenario } from '../src/scenarios/play-scenario.js';
import { scenarioFiles } from '../src/scenarios/run-scenarios.js';
import { readScenario } from '../src/scenarios/scenario.js';
import { watchInvariants } from '../src/scenarios/watch-invariants.js';

const files = scenarioFiles([fileURLToPath(new URL('../../../libs/engine/scenarios/', import.meta.url))]);
const SEEDS = 2;

describe('workflow semantics, played from files', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);
  const expressions = new Expressions();
  const objects = new FsObjectStore(tmpdir());
  beforeAll(() => watchInvariants(database.current));
  afterAll(() => expressions.stop());

  it.each(files.map((file) => [basename(file), file]))(
    '%s',
    async (_, file) => {
      const scenario = readScenario(file);
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const on = { database: database.current, expressions, objects };

        expect({ seed, differences: await playScenario(scenario, on, seed) }).toEqual({
          seed,
          differences: [],
        });
      }
    },
    60_000,
  );
});
