import { ORCHESTRATOR_MIGRATIONS } from '../orchestrator.module.js';
import { Expressions } from '@duofactory/expressions';
import { MESSAGING_MIGRATIONS } from '@duofactory/messaging';
import { FsObjectStore } from '@duofactory/objects';
import { Database } from '@duofactory/platform';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Difference } from './difference.js';
import { playScenario } from './play-scenario.js';
import { readScenario, ScenarioNotUnderstood, type Scenario } from './scenario.js';
import type { Surroundings } from './stage.js';
import { watchInvariants } from './watch-invariants.js';

export interface ScenarioReport {
  readonly name: string;
  readonly file: string;
  readonly passed: boolean;
  /** How many were played. */
  readonly seeds: number;
  /** The first that failed. */
  readonly seed?: number;
  readonly differences?: readonly Difference[];
}

export interface RunScenarios {
  readonly paths: readonly string[];
  readonly seeds: readonly number[];
  /** Of a PostgreSQL to make schemas in. */
  readonly url: string;
  /** An empty folder. */
  readonly folder: string;
  /** How many play at a time. */
  readonly lanes: number;
  readonly report: (report: ScenarioReport) => void;
}

/** Plays files, each with every seed until one fails. Every lane has a schema of its own. */
export async function runScenarios(of: RunScenarios): Promise<ScenarioReport[]> {
  const files = scenarioFiles(of.paths);
  const reports = new Map<string, ScenarioReport>();
  const queue = [...files];
  const lane = async (n: number): Promise<void> => {
    const on = await openLane(of, n);
    try {
      for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
        const report = await playFile(file, of.seeds, on);
        reports.set(file, report);
        of.report(report);
      }
    } finally {
      await on.expressions.stop();
      await on.database.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(of.lanes, files.length) }, (_, n) => lane(n + 1)));
  return files.map((file) => reports.get(file)!);
}

/** Files as given; of folders all that end in .yaml, .yml or .json. */
export function scenarioFiles(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(ya?ml|json)$/.test(name))
      .sort()
      .map((name) => join(path, name));
  });
}

async function playFile(file: string, seeds: readonly number[], on: Surroundings): Promise<ScenarioReport> {
  let scenario: Scenario;
  try {
    scenario = readScenario(file);
  } catch (error) {
    if (!(error instanceof ScenarioNotUnderstood)) throw error;
    const differences = [{ what: 'file', expected: 'a scenario', got: error.message }];
    return { name: file, file, passed: false, seeds: 0, differences };
  }
  const { name } = scenario;
  for (const [played, seed] of seeds.entries()) {
    const differences = await playOrFail(scenario, on, seed);
    if (differences.length > 0) return { name, file, passed: false, seeds: played + 1, seed, differences };
  }
  return { name, file, passed: true, seeds: seeds.length };
}

/** An error of the orchestrator is a failed scenario like any other. */
export async function playOrFail(scenario: Scenario, on: Surroundings, seed: number): Promise<Difference[]> {
  try {
    return await playScenario(scenario, on, seed);
  } catch (error) {
    const { message, stack } = error as Error;
    return [{ what: 'play', expected: 'no error', got: `${message} ${stack?.split('\n')[1]?.trim() ?? ''}` }];
  }
}

async function openLane({ url, folder }: RunScenarios, lane: number): Promise<Surroundings> {
  const schema = `scenarios_${process.pid}_${lane}`;
  const migrations = [...ORCHESTRATOR_MIGRATIONS, ...MESSAGING_MIGRATIONS];
  const database = await Database.open({ url, schema, poolSize: 3, migrations });
  await watchInvariants(database);
  return {
    database,
    expressions: new Expressions(),
    objects: new FsObjectStore(folder),
  };
}
