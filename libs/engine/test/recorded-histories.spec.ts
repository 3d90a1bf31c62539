/**
 * Runs that an earlier engine decided, replayed by this one. A file is added by
 * `DUOFACTORY_RECORD=<scenario file>[:seed],… npm run record-history`, and never changed afterwards.
 */
import type { BlockManifest } from '@duofactory/contracts';
import { describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { compile, type Definition, type Plan } from '../src/index.js';
import { decideCall } from './decide-call.js';
import { MemoryRun } from './memory-run.js';
import type { OutcomeOfRun } from './outcome-of-run.js';
import { PlayedServices } from './played-services.js';
import { randomFrom } from './random-from.js';
import { FORMAT, FromFile, WrittenDown, changesOf, plain, type RecordedHistory } from './recorded-history.js';

const FOLDER = resolve(import.meta.dirname, '../recordings');
const SCHEDULES = 5;

const wanted = process.env['DUOFACTORY_RECORD'];
for (const of of wanted?.split(',') ?? []) record(of);

describe('a run that an earlier engine decided', () => {
  it.each(readdirSync(FOLDER).filter((name) => name.endsWith('.json')))('%s', (name) => {
    const recorded = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as RecordedHistory;
    expect(recorded.format).toBe(FORMAT);
    const plan = planOf(recorded.definition, recorded.manifests);

    for (const { call, changes } of recorded.decided)
      expect(plain(decideCall(plan, call))).toEqual({ expansions: [], ...changes });

    // Where a run stops, and so what is asked, depends on what had come by then.
    if (recorded.outcome.status === 'failed') return;
    for (let seed = 1; seed <= SCHEDULES; seed += 1) {
      const whole = new MemoryRun(plan, new FromFile(recorded), randomFrom(seed));
      expectSame(whole.play(), recorded.outcome);
      const goesOn = new MemoryRun(plan, new FromFile(recorded), randomFrom(seed));
      goesOn.takeOver(halfOf(recorded));
      expectSame(goesOn.play(), recorded.outcome);
    }
  });
});

function expectSame({ lists, ...played }: OutcomeOfRun, recorded: OutcomeOfRun): void {
  const { lists: known, ...rest } = recorded;
  expect(played).toEqual(rest);
  // What was asked for before the half is not asked again.
  expect(known).toMatchObject(lists);
}

/** Up to a step about half way: what fires is of the step before it. */
function halfOf({ decided }: RecordedHistory) {
  let end = Math.ceil(decided.length / 2);
  while (end < decided.length && 'fired' in decided[end]!.call) end += 1;
  return decided.slice(0, end).map(({ call, changes }) => ({ call, changes: changesOf(changes) }));
}

function planOf(definition: Definition, manifests: readonly BlockManifest[]): Plan {
  const compiled = compile(definition, new Map(manifests.map((manifest) => [manifest.type, manifest])));
  if ('plan' in compiled) return compiled.plan;
  throw new Error(`It does not compile any more: ${compiled.refusals[0]!.message}`);
}

/** Plays a scenario's definition with drawn answers, and writes down what the engine of today decides. */
function record(of: string): void {
  const [file, seed = '1'] = of.split(':') as [string, string?];
  const path = resolve(import.meta.dirname, '../../..', file);
  const { name, types, definition } = parse(readFileSync(path, 'utf8')) as {
    name: string;
    types: Record<string, Pick<BlockManifest, 'input' | 'output' | 'samples'>>;
    definition: Definition;
  };
  const manifests = Object.entries(types).map(([type, shape]): BlockManifest => {
    return { type, version: 1, title: type, description: type, with: { type: 'object' }, ...shape };
  });
  const plan = planOf(definition, manifests);
  const services = new WrittenDown(new PlayedServices(Number(seed)));
  const decided: RecordedHistory['decided'][number][] = [];
  const run = new MemoryRun(plan, services, randomFrom(Number(seed)), (call, changes) => {
    decided.push({ call: structuredClone(call), changes: plain(changes) });
  });
  const outcome = run.play();
  const { answers, verdicts } = services;
  const history: RecordedHistory = {
    ...{ format: FORMAT, name, definition, manifests },
    ...{ decided, answers, verdicts, outcome },
  };
  writeFileSync(join(FOLDER, `${name}-${seed}.json`), `${JSON.stringify(history)}\n`);
}
