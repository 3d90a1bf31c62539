import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client.js';
import { answer } from './problem.js';
import type { operations } from './schema.js';

/** Sixty days of lists are no use on one screen: pages come as they are asked for. */
const PAGE = 50;
const TASKS_PAGE = 200;

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['run', id],
    queryFn: () => answer(api.GET('/api/runs/{id}', { params: { path: { id } } })),
  });

export interface RunFilters {
  readonly status?: string | readonly string[];
  readonly awaitsReview?: boolean;
  readonly workflow?: string;
  readonly endedSince?: string;
  /** Of blocks and of drafts; left out: without them. */
  readonly tests?: 'with' | 'only';
}

export const runsQuery = (of: RunFilters & { limit?: number }) =>
  infiniteQueryOptions({
    queryKey: ['runs', of],
    queryFn: ({ pageParam }) => {
      const query = { limit: of.limit ?? PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) };
      const { limit: _, ...filters } = of;
      return answer(api.GET('/api/runs', { params: { query: { ...query, ...filters } as never } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** All that the filters find, read or not: their ids and states. */
export const matchingRunsQuery = (of: RunFilters) =>
  queryOptions({
    queryKey: ['runs-matching', of],
    queryFn: () => answer(api.GET('/api/runs/matching', { params: { query: of as never } })),
    gcTime: 0,
  });

/** Those that a grid has room for, newest first. */
export const runsOfWorkflowQuery = (workflow: string) =>
  queryOptions({
    queryKey: ['runs-of', workflow],
    queryFn: async () =>
      (await answer(api.GET('/api/workflows/{id}/runs', { params: { path: { id: workflow } } }))).runs,
  });

export const runCountsQuery = (since: string) =>
  queryOptions({
    queryKey: ['run-counts', since],
    queryFn: () => answer(api.GET('/api/runs/counts', { params: { query: { since } } })),
  });

/** Who types at a place, such as `prompts/title`. */
export const editorsQuery = (place: string) =>
  queryOptions({
    queryKey: ['editors', place],
    queryFn: () => answer(api.GET('/api/editors', { params: { query: { place } } })),
  });

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: ['task', id],
    queryFn: () => answer(api.GET('/api/tasks/{id}', { params: { path: { id } } })),
  });

export type TaskStatus = NonNullable<
  NonNullable<operations['RunsController_tasks']['parameters']['query']>['status']
>[number];

export const tasksQuery = (
  run: string,
  of: { block: string; find?: string; status?: readonly TaskStatus[] },
) =>
  infiniteQueryOptions({
    queryKey: ['run', run, 'tasks', of],
    queryFn: ({ pageParam }) => {
      const { status, ...others } = of;
      const query = {
        ...{ ...others, limit: TASKS_PAGE },
        ...(status ? { status: [...status] } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return answer(api.GET('/api/runs/{id}/tasks', { params: { path: { id: run }, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** Of a block that has one. */
export const firstFailedQuery = (run: string, block: string) =>
  queryOptions({
    queryKey: ['run', run, 'first-failed', block],
    queryFn: async () => {
      const query = { block, status: ['failed' as const], limit: 1 };
      const { tasks } = await answer(
        api.GET('/api/runs/{id}/tasks', { params: { path: { id: run }, query } }),
      );
      return tasks[0] ?? null;
    },
  });

export const resultsQuery = (run: string, block: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['run', run, 'results', block],
    queryFn: ({ pageParam }) => {
      const query = { limit: PAGE, ...(block ? { block } : {}), ...(pageParam ? { cursor: pageParam } : {}) };
      return answer(api.GET('/api/runs/{id}/results', { params: { path: { id: run }, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** The payload of a key, or the first below it, wherever in the list it stands; null: there is none. */
export const payloadQuery = (run: string, block: string | undefined, key: string) =>
  queryOptions({
    queryKey: ['run', run, 'results', block, 'key', key],
    queryFn: async () => {
      const query = { key, limit: 1, ...(block ? { block } : {}) };
      const page = await answer(api.GET('/api/runs/{id}/results', { params: { path: { id: run }, query } }));
      return page.payloads[0] ?? null;
    },
  });

/** One result, whole, for as long as it is looked at: it may be large. */
export const resultQuery = (run: string, block: string, key: string) =>
  queryOptions({
    queryKey: ['run', run, 'result', block, key],
    queryFn: () =>
      answer(
        api.GET('/api/runs/{id}/results/value', { params: { path: { id: run }, query: { block, key } } }),
      ),
    staleTime: Infinity,
    gcTime: 0,
  });

export const lineageQuery = (run: string, block: string, key: string) =>
  queryOptions({
    queryKey: ['run', run, 'lineage', block, key],
    queryFn: () =>
      answer(api.GET('/api/runs/{id}/lineage', { params: { path: { id: run }, query: { block, key } } })),
  });

const LONGEST_TASKS = 300;

export const timelineQuery = (run: string, window: { from?: string; to?: string; block?: string }) =>
  queryOptions({
    queryKey: ['run', run, 'timeline', window],
    queryFn: () =>
      answer(
        api.GET('/api/runs/{id}/timeline', {
          params: { path: { id: run }, query: { ...window, limit: LONGEST_TASKS } },
        }),
      ),
  });

export const comparisonQuery = (run: string, other: string, block: string | undefined) =>
  infiniteQueryOptions({
    queryKey: ['run', run, 'comparison', other, block],
    queryFn: ({ pageParam }) => {
      const query = {
        with: other,
        limit: PAGE,
        ...(block ? { block } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return answer(api.GET('/api/runs/{id}/comparison', { params: { path: { id: run }, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** Calls whose end nobody saw: a person says what came of them. */
export const ambiguousCallsQuery = infiniteQueryOptions({
  queryKey: ['ambiguous-calls'],
  // The process that made one is taken for dead only after a while.
  refetchInterval: 5_000,
  queryFn: ({ pageParam }) => {
    const query = { state: 'ambiguous' as const, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
    return answer(api.GET('/api/ledger/calls', { params: { query } }));
  },
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next,
});

/** The requests of a task that ran a prompt, as they were sent. */
export const renderedPromptQuery = (task: string) =>
  queryOptions({
    queryKey: ['task', task, 'prompt'],
    queryFn: async () => {
      const given = await answer(api.GET('/api/tasks/{id}/input', { params: { path: { id: task } } }));
      const { payload, inputs, variables } = given;
      const input = { with: given.with as { prompt: string }, payload, inputs, variables };
      return answer(api.POST('/api/prompt-runs/preview', { body: { input } }));
    },
    // What a task was given never changes.
    staleTime: Infinity,
  });

/** What fails and what waits, by block type: looked at again while somebody looks. */
export const blockWorkQuery = queryOptions({
  queryKey: ['block-work'],
  queryFn: () => answer(api.GET('/api/block-types/work')),
  refetchInterval: 5_000,
});

export const deadLettersQuery = infiniteQueryOptions({
  queryKey: ['dead-letters'],
  // As what stands beside them.
  refetchInterval: 5_000,
  queryFn: ({ pageParam }) => {
    const query = { limit: PAGE, ...(pageParam === undefined ? {} : { cursor: pageParam }) };
    return answer(api.GET('/api/dead-letters', { params: { query } }));
  },
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next,
});

export const deadLetterQuery = (id: string) =>
  queryOptions({
    queryKey: ['dead-letter', id],
    queryFn: () => answer(api.GET('/api/dead-letters/{id}', { params: { path: { id } } })),
  });

const QUEUE_PAGE = 100;

/** Open ones, oldest first, without what is to be decided about: what comes meanwhile stands at the end. */
/** `mine`: only those that are assigned to this person. */
export const reviewQueueQuery = (mine?: string) =>
  infiniteQueryOptions({
    queryKey: ['reviews', 'queue', mine ?? ''],
    queryFn: ({ pageParam }) => {
      const query = {
        limit: QUEUE_PAGE,
        ...(pageParam ? { cursor: pageParam } : {}),
        ...(mine === undefined ? {} : { assignee: mine, assigned: true }),
      };
      return answer(api.GET('/api/reviews/queue', { params: { query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
    refetchInterval: 5_000,
  });

export const reviewQuery = (task: string) =>
  queryOptions({
    queryKey: ['reviews', 'one', task],
    queryFn: () => answer(api.GET('/api/reviews/{task}', { params: { path: { task } } })),
  });

/** Of a wave: what is named by its bytes never changes. */
export const peaksQuery = (hash: string) =>
  queryOptions({
    queryKey: ['peaks', hash],
    queryFn: () => answer(api.GET('/api/speech/peaks/{hash}', { params: { path: { hash } } })),
    staleTime: Infinity,
  });

const CLAIM_AGAIN_MS = 30_000;
/** Longer than the server may be away, and than a browser lets the timer of a hidden tab wait. */
const CLAIM_SECONDS = 120;

/** Nobody else decides about it while it is on the screen. */
/** `by`: whoever acts here; somebody else claims it anew. */
export const claimQuery = (task: string, by: string) =>
  queryOptions({
    queryKey: ['review-claim', task, by],
    queryFn: () =>
      answer(
        api.PUT('/api/reviews/{task}/claim', {
          params: { path: { task }, query: { seconds: CLAIM_SECONDS } },
        }),
      ),
    refetchInterval: CLAIM_AGAIN_MS,
    // Who listens to it beside another window, or has paused updates, still has it.
    refetchIntervalInBackground: true,
    retry: false,
    gcTime: 0,
  });

export type InputsList = { readonly items: Record<string, unknown>[] } | { readonly csv: string };
export type Existing = 'all' | 'skip' | 'failed';

/** What a start would do: every row is checked. */
export const rehearsalQuery = (workflow: string, list: InputsList, existing: Existing) =>
  queryOptions({
    queryKey: ['rehearsal', workflow, list, existing],
    queryFn: () =>
      answer(api.POST('/api/batches/rehearsal', { body: { workflow, existing, ...list } as never })),
    retry: false,
    gcTime: 0,
  });

export const workflowsQuery = queryOptions({
  queryKey: ['workflows'],
  queryFn: async () => (await answer(api.GET('/api/workflows'))).workflows,
});

export const workflowQuery = (id: string) =>
  queryOptions({
    queryKey: ['workflow', id],
    queryFn: () => answer(api.GET('/api/workflows/{id}', { params: { path: { id } } })),
  });

export const blockTypesQuery = queryOptions({
  queryKey: ['block-types'],
  queryFn: async () => (await answer(api.GET('/api/block-types'))).blockTypes,
});
