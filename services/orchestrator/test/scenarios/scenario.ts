import type { BlockManifest } from '@duofactory/contracts';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface TaskName {
  block: string;
  key: string;
  sample?: number;
}

export interface Answer {
  key: string;
  sample: number;
  result?: Record<string, unknown>;
  outputs?: { id?: string; result: Record<string, unknown> }[];
  picks?: { key: string; result: Record<string, unknown> }[];
  error?: { code: string; retryable: boolean };
  afterRetry?: Omit<Answer, 'key' | 'sample'>;
  expectPayloads?: string[];
}

export interface Expectation {
  status: string;
  statusBeforeRetry?: string;
  payloads: Record<string, string[]>;
  sees?: Record<string, Record<string, string[]>>;
  tasks?: Record<string, number>;
  scopes?: Record<string, string[]>;
}

/** A file of the executable reference of workflow semantics. */
export interface Scenario {
  name: string;
  tells: string;
  types: Record<string, { input: 'each' | 'all'; output: 'one' | 'many' | 'pick'; samples?: boolean }>;
  definition: { blocks: Record<string, unknown>[] };
  services: Record<string, Answer[]>;
  faults?: ({ hold: TaskName; until: 'quiet' } | { task: TaskName; events: string[] })[];
  atQuiet?: { settled?: TaskName[]; notMade?: TaskName[] };
  then?: { command: 'retry' }[];
  expect: Expectation;
  refused?: { code: string; block: string; definition: { blocks: Record<string, unknown>[] } }[];
}

const FIELDS = new Set([
  'name',
  'tells',
  'types',
  'definition',
  'services',
  'faults',
  'atQuiet',
  'then',
  'expect',
  'refused',
]);

/** Reads a scenario. An unknown field is an error, never ignored. */
export function readScenario(path: string): Scenario {
  const scenario = parse(readFileSync(path, 'utf8')) as Scenario;
  const unknown = Object.keys(scenario).filter((field) => !FIELDS.has(field));
  if (unknown.length > 0) throw new Error(`${path}: unknown field ${unknown.join(', ')}`);
  return scenario;
}

export function manifestsOf({ types }: Scenario): BlockManifest[] {
  return Object.entries(types).map(([type, { input, output, samples = false }]) => ({
    type,
    version: 1,
    title: type,
    description: type,
    input,
    output,
    samples,
    with: { type: 'object' },
  }));
}
