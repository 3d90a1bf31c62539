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
      const asked = await Promise.all(
        blocks.map(async ({ evaluators = [], ...block }) =>
          evaluators.length > 0 && (await areOfRules(evaluators)) ? { ...block, asksModel: false } : block,
        ),
      );
      return answer(
        api.POST('/api/ledger/estimates', { body: { workflow, inputs, blocks: asked } as never }),
      );
    },
    gcTime: 0,
  });

const areOfRules = async (references: readonly string[]): Promise<boolean> =>
  (await Promise.all(references.map(isOfRules))).every(Boolean);

async function isOfRules(reference: string): Promise<boolean> {
  try {
    const { definition } = await answer(
      api.GET('/api/evaluators/{id}', { params: { path: { id: reference } } }),
    );
    if (definition.type !== 'composite') return definition.type === 'rule';
    return await areOfRules(definition.with.evaluators.map(({ evaluator }) => evaluator));
  } catch (error) {
    // Of one that is not there, nobody knows what it asks.
    if (error instanceof ApiProblem) return false;
    throw error;
  }
}
