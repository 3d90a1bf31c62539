import { BLOCK_MIGRATIONS, BlockFailure, BlockWorker, defineBlock } from '@duofactory/block-kit';
import { hashJson } from '@duofactory/contracts';
import type { ServiceDefinition } from '@duofactory/platform';
import { setTimeout as pause } from 'node:timers/promises';
import { Type } from 'typebox';
import type { Effect } from './vendor.js';

/** From 0, below 1: what a text is worth, the same on every day. */
const worth = (...of: unknown[]): number => Number.parseInt(hashJson(of).slice(0, 8), 16) / 2 ** 32;

/** As many rows as it is told. */
const rows = defineBlock({
  type: 'soak-rows',
  version: 1,
  title: 'Rows',
  description: 'As many rows as it is told',
  input: 'each',
  output: 'many',
  with: Type.Object({ count: Type.Integer(), topic: Type.String() }),
  execute: async ({ with: { count, topic } }) =>
    Array.from({ length: count }, (_, n) => ({ id: `r${n + 1}`, result: { name: `${topic} ${n + 1}` } })),
});

/** Causes an effect, once; fails now and then, before and after it, and sometimes for good. */
const effect = defineBlock({
  type: 'soak-effect',
  version: 1,
  title: 'Effect',
  description: 'Causes an effect outside of the product',
  input: 'each',
  output: 'one',
  samples: true,
  with: Type.Object({ text: Type.String(), mayFail: Type.Boolean({ default: false }) }),
  execute: async ({ with: { text, mayFail } }, context) => {
    const { block, key, sample, attempt, lineage } = context;
    const mood = worth('mood', text, block, key, sample);
    if (mayFail && mood < 0.1) throw new BlockFailure('refused', 'It never works with this text');
    if (attempt === 1 && mood > 0.8)
      throw new BlockFailure('busy', 'Not at the first attempt', { retryable: true });
    const value = await context.once('say', { text }, async (signal) => {
      const one: Effect = { lineage, block, key, sample, step: 'say', request: text };
      try {
        const body = JSON.stringify(one);
        await (await fetch(process.env['SOAK_VENDOR']!, { method: 'POST', body, signal })).json();
      } catch (cause) {
        // Broken off, or the wire torn: nobody knows if it happened.
        const message = 'The vendor was not heard to the end';
        throw new BlockFailure('vendor-away', message, { retryable: true, ambiguous: true, cause });
      }
      return { value: `${text}, said as ${sample}` };
    });
    if (attempt === 2 && mood > 0.95)
      throw new BlockFailure('busy', 'Not at the second attempt', { retryable: true });
    return { text: value };
  },
});

/** Judges a text, and takes its time. */
const score = defineBlock({
  type: 'soak-score',
  version: 1,
  title: 'Score',
  description: 'Judges a text',
  input: 'each',
  output: 'one',
  with: Type.Object({ text: Type.String() }),
  execute: async ({ with: { text } }, { signal }) => {
    const value = worth('score', text);
    await pause(value * 100, undefined, { signal });
    return { score: value };
  },
});

interface Scored {
  readonly score?: { readonly score: number };
}

/** The best of a group. */
const best = defineBlock({
  type: 'soak-best',
  version: 1,
  title: 'Best',
  description: 'The best payload of its group',
  input: 'all',
  output: 'pick',
  reads: 'all',
  with: Type.Object({}),
  execute: async (task) => {
    const scored = (await task.payloads()).map(({ key, blockResults }) => ({
      key,
      score: (blockResults as Scored).score?.score ?? 0,
    }));
    const [first] = scored.sort((a, b) => b.score - a.score);
    return first ? [{ key: first.key, result: { rank: 1, score: first.score } }] : [];
  },
});

/** All that it got, in order. */
const list = defineBlock({
  type: 'soak-list',
  version: 1,
  title: 'List',
  description: 'The keys of its payloads and a hash of what they see',
  input: 'all',
  output: 'one',
  reads: 'all',
  with: Type.Object({}),
  execute: async (task) => {
    const payloads = await task.payloads();
    return { keys: payloads.map(({ key }) => key), hash: hashJson(payloads) };
  },
});

export const workerService: ServiceDefinition = {
  name: 'soak-worker',
  schema: 'soak_worker',
  resources: [],
  migrations: BLOCK_MIGRATIONS,
  create: (parts) => ({
    module: { module: class NoController {} },
    background: [new BlockWorker(parts, 'soak-worker', [rows, effect, score, best, list])],
  }),
};
