import { Reference, type BlockManifest, type BlockRequested, type Usage } from '@duofactory/contracts';
import type { Outcome } from '@duofactory/engine';
import { Expressions } from '@duofactory/expressions';
import { FsObjectStore } from '@duofactory/objects';
import type { Database } from '@duofactory/platform';
import { tmpdir } from 'node:os';
import { Type } from 'typebox';
import { REVIEW_BLOCK } from '../src/app/workflows/own-block-types.js';
import { Stage } from '../src/scenarios/stage.js';

const manifest = (type: string, of: Partial<BlockManifest>): BlockManifest => ({
  type,
  version: 1,
  title: type,
  description: type,
  input: 'each',
  output: 'one',
  with: { type: 'object' },
  ...of,
});

export const MANIFESTS = [
  manifest('rows', { output: 'many' }),
  manifest('map', {}),
  manifest('quote', { raw: ['where'] }),
  manifest('ask', { with: Type.Object({ prompt: Reference('prompt') }) }),
  manifest('collect', { input: 'all' }),
  manifest('gen', { samples: true }),
  manifest('pick', { input: 'all', output: 'pick' }),
  REVIEW_BLOCK,
];

/** A run on the orchestrator's own code, whose services the spec plays, on a clock that it turns. */
export async function aRunOnStage(
  database: Database,
  blocks: object[],
  inputs: Record<string, unknown> = {},
  /** Block types of the spec's own. */
  types: readonly (Partial<BlockManifest> & { type: string })[] = [],
) {
  const objects = new FsObjectStore(tmpdir());
  const expressions = new Expressions();
  const stage = new Stage({ database, expressions, objects });
  const own = new Set(types.map(({ type }) => type));
  await stage.open([
    ...MANIFESTS.filter(({ type }) => !own.has(type)),
    ...types.map(({ type, ...of }) => manifest(type, of)),
  ]);
  const fields = Object.fromEntries(Object.keys(inputs).map((name) => [name, { type: 'string' }]));
  await stage.parts.publish.publish('staged', { kind: 'workflow', id: 'staged', inputs: fields, blocks });
  const { id: run } = await stage.parts.start.execute({ workflow: 'staged', inputs });
  return {
    stage,
    run,
    objects,
    taken: () => stage.take(),
    complete: ({ run: of, task, attempt }: BlockRequested, outcome: Outcome, usage: Usage[] = []) =>
      stage.parts.advance.settle([{ run: of, task, attempt, kind: 'completed', outcome, usage }]),
    show: (of = run) => stage.parts.runs.show(of),
    close: async () => {
      await stage.close();
      await expressions.stop();
    },
  };
}

export const outputs = (...results: Record<string, unknown>[]): Outcome => ({
  kind: 'outputs',
  outputs: results.map((result) => ({ result })),
});
