import { Expressions } from '@duofactory/expressions';
import { FsObjectStore } from '@duofactory/objects';
import { useDatabase } from '@duofactory/testing';
import { afterAll, describe, expect, it } from '@jest/globals';
import { tmpdir } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RecordScenario } from '../src/app/history/record-scenario.js';
import { ORCHESTRATOR_MIGRATIONS } from '../src/orchestrator.module.js';
import { Plans } from '../src/app/advance/plans.js';
import { playScenario } from '../src/scenarios/play-scenario.js';
import { scenarioFiles } from '../src/scenarios/run-scenarios.js';
import { checkScenario, readScenario } from '../src/scenarios/scenario.js';

/** A run as it first ended: what commands and faults do to it later is a file's own story. */
const files = scenarioFiles([fileURLToPath(new URL('../../../libs/engine/scenarios/', import.meta.url))]);
const PLAYS = files.filter((file) => {
  const { definition, then, rerun } = readScenario(file);
  return definition && !then && !rerun;
});

describe('a recorded run plays again', () => {
  const database = useDatabase('orchestrator', ORCHESTRATOR_MIGRATIONS);
  const expressions = new Expressions();
  const objects = new FsObjectStore(tmpdir());
  afterAll(() => expressions.stop());

  const newestRun = async (): Promise<string> => {
    const text = `SELECT id FROM runs ORDER BY created_at DESC, xmin::text::bigint DESC LIMIT 1`;
    return (await database.current.query<{ id: string }>({ text })).rows[0]!.id;
  };

  it.each(PLAYS.map((file) => [basename(file, '.yaml'), file]))('%s', async (_, file) => {
    const on = { database: database.current, expressions, objects };
    await database.current.query({
      text: 'TRUNCATE runs, more_counts, tasks, groups, results, waiting, attempts',
    });
    await playScenario(readScenario(file), on, 1);

    const recorded = await new RecordScenario(database.current, new Plans()).execute(await newestRun());

    for (const seed of [2, 3])
      expect({ seed, differs: await playScenario(checkScenario(recorded), on, seed) }).toEqual({
        seed,
        differs: [],
      });
  });
});
