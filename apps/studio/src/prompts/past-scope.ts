import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { answer } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { KIND_OF } from '../definitions/definition-queries.js';
import { pathsOf } from './variables.js';

/** What a task was given. It never changes. */
const inputQuery = (task: string) =>
  queryOptions({
    queryKey: ['task', task, 'input'],
    queryFn: () => answer(api.GET('/api/tasks/{id}/input', { params: { path: { id: task } } })),
    staleTime: Infinity,
  });

/** What variables may name in the input of a task, as the server puts it together. */
const scopeQuery = (task: string) =>
  queryOptions({
    queryKey: ['task', task, 'scope'],
    queryFn: async () => {
      const given = await queryClient.fetchQuery(inputQuery(task));
      const { payload, inputs, variables } = given;
      const input = { with: given.with as { prompt: string }, payload, inputs, variables };
      return (await answer(api.POST('/api/prompt-runs/variables', { body: { input } }))).variables;
    },
    staleTime: Infinity,
  });

export const scopeOfTask = (task: string): Promise<Record<string, unknown>> =>
  queryClient.fetchQuery(scopeQuery(task));

/** Whose input it was, and what of it variables may name; of no task nothing is asked. */
export function usePastInput(task: string | undefined) {
  const enabled = task !== undefined;
  const given = useQuery({ ...inputQuery(task ?? ''), enabled, retry: false });
  const scope = useQuery({ ...scopeQuery(task ?? ''), enabled, retry: false });
  return { given: given.data, scope: scope.data, error: given.error ?? scope.error };
}

/** Paths that the blocks using the prompt give, by the newest of its inputs; undefined: it was never used. */
export function useKnownPaths(id: string): readonly string[] | undefined {
  const newest = useQuery({
    queryKey: ['definition', 'prompts', id, 'newest-input'],
    queryFn: async () => {
      const path = { kind: KIND_OF.prompts, id };
      const params = { path, query: { limit: 1 } };
      const { inputs } = await answer(api.GET('/api/references/{kind}/{id}/inputs', { params }));
      return inputs[0]?.task ?? null;
    },
    staleTime: 60_000,
  }).data;
  return useQuery({
    ...scopeQuery(newest ?? ''),
    enabled: typeof newest === 'string',
    select: pathsOf,
  }).data;
}
