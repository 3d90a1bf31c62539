import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { answer } from '../api/problem.js';

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
      const free = await withoutModel(blocks.flatMap(({ evaluators = [] }) => evaluators));
      const asked = blocks.map(({ evaluators = [], ...block }) =>
        evaluators.length > 0 && evaluators.every((one) => free.has(one))
          ? { ...block, asksModel: false }
          : block,
      );
      return answer(
        api.POST('/api/ledger/estimates', { body: { workflow, inputs, blocks: asked } as never }),
      );
    },
    gcTime: 0,
  });

/** Of evaluators those that ask none. */
async function withoutModel(evaluators: readonly string[]): Promise<ReadonlySet<string>> {
  const distinct = [...new Set(evaluators)];
  if (distinct.length === 0) return new Set();
  const judges = await answer(api.POST('/api/evaluators/judges', { body: { evaluators: distinct } }));
  return new Set(judges.evaluators.flatMap((one) => (one.asksModel === false ? one.evaluator : [])));
}
