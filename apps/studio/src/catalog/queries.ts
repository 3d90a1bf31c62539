import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { answer } from '../api/problem.js';
import type { components, operations } from '../api/schema.js';

const PAGE = 100;

export type Episode = components['schemas']['EpisodeSummary'];
export type EpisodeDetail = components['schemas']['EpisodeDetail'];
export type EpisodeVersion = components['schemas']['EpisodeVersion'];
export type CatalogNode = components['schemas']['CatalogNode'];
export type EpisodeDocument = components['schemas']['Episode'];

type ListQuery = NonNullable<operations['CatalogController_episodes']['parameters']['query']>;
export type Environment = NonNullable<ListQuery['environment']>;
/** What narrows a course down. */
export type Filters = Pick<
  ListQuery,
  | 'name'
  | 'wrapper'
  | 'level'
  | 'node'
  | 'status'
  | 'pipelineStatus'
  | 'slot'
  | 'schemaVersion'
  | 'minViability'
  | 'maxViability'
>;
export interface Place {
  readonly environment: Environment;
  readonly course: string;
}

export const ENVIRONMENTS = ['dev', 'prod'] as const satisfies readonly Environment[];
export const ENVIRONMENT_NAMES: Record<Environment, string> = { dev: 'Dev', prod: 'Prod' };

export const coursesQuery = (environment: Environment) =>
  queryOptions({
    queryKey: ['catalog', 'courses', environment],
    queryFn: async () =>
      (await answer(api.GET('/api/courses', { params: { query: { environment } } }))).courses,
  });

export const nodesQuery = (place: Place) =>
  queryOptions({
    queryKey: ['catalog', 'nodes', place],
    queryFn: async () => (await answer(api.GET('/api/nodes', { params: { query: place } }))).nodes,
  });

export const episodesQuery = (place: Place, filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['catalog', 'episodes', place, filters],
    queryFn: ({ pageParam }) => {
      const page = { limit: PAGE, order: 'place' as const, ...(pageParam ? { cursor: pageParam } : {}) };
      return answer(api.GET('/api/episodes', { params: { query: { ...place, ...filters, ...page } } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

type Grouping = operations['CatalogController_groups']['parameters']['query']['by'];

export const groupsQuery = (place: Place, filters: Filters, by: Grouping) =>
  queryOptions({
    queryKey: ['catalog', 'groups', place, filters, by],
    queryFn: async () =>
      (await answer(api.GET('/api/episodes/groups', { params: { query: { ...place, ...filters, by } } })))
        .groups,
  });

const at = (environment: Environment, id: string) => ({ path: { id }, query: { environment } });

export const episodeQuery = (environment: Environment, id: string) =>
  queryOptions({
    queryKey: ['catalog', 'episode', environment, id],
    queryFn: () => answer(api.GET('/api/episodes/{id}', { params: at(environment, id) })),
  });

export const versionsQuery = (environment: Environment, id: string) =>
  queryOptions({
    queryKey: ['catalog', 'versions', environment, id],
    queryFn: async () =>
      (await answer(api.GET('/api/episodes/{id}/versions', { params: at(environment, id) }))).versions,
  });

/** What players read of a version. It never changes. */
export const documentQuery = (environment: Environment, id: string, version: number) =>
  queryOptions({
    queryKey: ['catalog', 'document', environment, id, version],
    queryFn: () =>
      answer(
        api.GET('/api/episodes/{id}/episode.json', {
          params: { path: { id }, query: { environment, version } },
        }),
      ),
    staleTime: Infinity,
  });

/** Of a version that readers may not have. */
export function audioOf({ id, environment }: Episode, version: number | null): string {
  return `/api/episodes/${id}/audio?${new URLSearchParams({
    environment,
    ...(version === null ? {} : { version: String(version) }),
  }).toString()}`;
}
