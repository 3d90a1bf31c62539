import { hashJson, uuidFrom } from '@duofactory/contracts';
import type { BlockContext, BlockOutputs, BlockTask, BlockType, ManyOutput, Payload } from './block-type.js';
import { configurationCheck } from './configuration-check.js';

export interface TestedTask extends Partial<Omit<BlockContext, 'progress' | 'usage' | 'notPicked'>> {
  readonly with?: unknown;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly payloads?: readonly Payload[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly onUsage?: BlockContext['usage'];
  readonly onProgress?: BlockContext['progress'];
  readonly onNotPicked?: BlockContext['notPicked'];
}

/** Outputs that come one by one are read to their end. */
type TestedOutputs = Omit<BlockOutputs, 'many'> & { readonly many: readonly ManyOutput[] };

/**
 * Runs a block as the worker would, without a bus: for specs of one block type. The configuration is checked the same
 * way. Without an `once` of its own every effect is caused.
 */
export async function testBlock<O extends keyof BlockOutputs = 'one'>(
  block: BlockType,
  { with: configuration = {}, payload = {}, payloads, inputs = {}, variables = {}, ...given }: TestedTask,
): Promise<TestedOutputs[O]> {
  const key = given.key ?? '';
  const pages = async function* (): AsyncIterable<readonly Payload[]> {
    if (payloads) yield payloads;
  };
  const task: BlockTask<unknown> = {
    with: configurationCheck(block.manifest)(configuration),
    payload: { key, blockResults: payload },
    inputs,
    variables,
    pages,
    payloads: async () => [...(payloads ?? [])],
  };
  const run = given.run ?? uuidFrom('run of', hashJson(configuration));
  const context: BlockContext = {
    run,
    task: uuidFrom('task of', run, key),
    attempt: 1,
    block: block.manifest.type,
    key,
    sample: 1,
    lineage: run,
    signal: new AbortController().signal,
    objects: missing('objects'),
    transactions: missing('transactions'),
    once: async (_step, _request, effect) => {
      const { value, usage } = await effect(context.signal, {
        id: context.task,
        untimed: context.untimed,
        interrupted: [],
      });
      if (usage) context.usage(usage);
      return value;
    },
    untimed: (wait) => wait(),
    late: () => undefined,
    usage: given.onUsage ?? (() => undefined),
    notPicked: given.onNotPicked ?? (() => undefined),
    progress: given.onProgress ?? (() => undefined),
    ...given,
  };
  const returned = await block.execute(task as BlockTask<never>, context);
  if (!isComing(returned)) return returned as TestedOutputs[O];
  const outputs: ManyOutput[] = [];
  for await (const output of returned) outputs.push(output);
  return outputs as readonly ManyOutput[] as TestedOutputs[O];
}

function isComing(returned: BlockOutputs[keyof BlockOutputs]): returned is AsyncIterable<ManyOutput> {
  return Symbol.asyncIterator in returned;
}

function missing<T extends object>(name: string): T {
  return new Proxy({} as T, {
    get() {
      throw new Error(`This block uses ${name}: give them to testBlock`);
    },
  });
}
