import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { answer } from '../api/problem.js';

/** Where versioned things of a kind are listed. A kind that is not here is typed, and the server says if it is known. */
const LISTS: Readonly<Record<string, () => Promise<unknown>>> = {
  prompt: () => answer(api.GET('/api/prompts')),
  evaluator: () => answer(api.GET('/api/evaluators')),
  course: () => answer(api.GET('/api/course-data')),
  table: () => answer(api.GET('/api/tables')),
};

/** Ids of what a reference of this kind may name. */
export function useReferences(kind: string | undefined): readonly string[] {
  const { data } = useQuery({
    queryKey: ['references', kind],
    queryFn: async () => idsOf(await LISTS[kind!]!()),
    enabled: kind !== undefined && kind in LISTS,
  });
  return data ?? [];
}

function idsOf(answered: unknown): string[] {
  const [list] = Object.values((answered ?? {}) as Record<string, unknown>).filter(Array.isArray);
  return (list ?? []).flatMap((one: unknown) => {
    const { id } = (one ?? {}) as { id?: unknown };
    return typeof id === 'string' ? [id] : [];
  });
}
