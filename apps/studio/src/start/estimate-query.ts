import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { answer, ApiProblem } from '../api/problem.js';

export interface BlockToEstimate {
  readonly block: string;
  readonly prompt?: string;
  readonly times?: number;
  /** Those that judge there. */
  readonly evaluators?: readonly string[];
}

/** What blocks that never ran may cost, by their prompts; and what budgets leave. */
export const estimateQuery = (
  workflow: string,
  inputs: Record<string, unknown>,
  blocks: readonly BlockToEstimate[],
) =>
  queryOptions({
    queryKey: ['estimate', workflow, inputs, blocks],
    queryFn: async () => {
      const asked = blocks.map(({ evaluators: _, ...block }) => block);
      const [estimate, free] = await Promise.all([
        answer(api.POST('/api/ledger/estimates', { body: { workflow, inputs, blocks: asked } as never })),
        freeAmong(blocks),
      ]);
      return {
        ...estimate,
        // Rules ask no model: the ledger knows no price of theirs, for there is none.
        blocks: estimate.blocks.map((one) =>
          free.has(one.block) && one.cost === null ? { ...one, cost: { mean: 0, highest: 0 } } : one,
        ),
      };
    },
    gcTime: 0,
  });

/** Blocks that judge by rules alone. */
async function freeAmong(blocks: readonly BlockToEstimate[]): Promise<ReadonlySet<string>> {
  const judged = await Promise.all(
    blocks.map(async ({ block, evaluators = [] }) =>
      evaluators.length > 0 && (await Promise.all(evaluators.map(isOfRules))).every(Boolean) ? [block] : [],
    ),
  );
  return new Set(judged.flat());
}

async function isOfRules(reference: string): Promise<boolean> {
  try {
    const { definition } = await answer(
      api.GET('/api/evaluators/{id}', { params: { path: { id: reference } } }),
    );
    if (definition.type !== 'composite') return definition.type === 'rule';
    const judged = await Promise.all(definition.with.evaluators.map(({ evaluator }) => isOfRules(evaluator)));
    return judged.every(Boolean);
  } catch (error) {
    // Of one that is not there, nobody knows what it asks.
    if (error instanceof ApiProblem) return false;
    throw error;
  }
}
