import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { answer, ApiProblem } from '../api/problem.js';
import type { components } from '../api/schema.js';

const PAGE = 100;
const WATCH_EVERY_MS = 10_000;

type Schemas = components['schemas'];
export type Table = Schemas['Table'];
export type TableRow = Schemas['TableRow'];
export type SheetSource = Schemas['SheetSource'];
export type SheetWatch = Schemas['SheetWatch'];
export type Course = Schemas['CourseData'];
export type TableNotes = Schemas['TableNotes'];

export const tablesQuery = queryOptions({
  queryKey: ['sources', 'tables'],
  queryFn: async () => (await answer(api.GET('/api/tables'))).tables,
});

export const sheetsQuery = queryOptions({
  queryKey: ['sources', 'sheets'],
  queryFn: async () => (await answer(api.GET('/api/sources'))).sources,
});

export const coursesQuery = queryOptions({
  queryKey: ['sources', 'courses'],
  queryFn: async () => (await answer(api.GET('/api/course-data'))).courses,
});

export const courseQuery = (id: string) =>
  queryOptions({
    queryKey: ['sources', 'course', id],
    queryFn: () => answer(api.GET('/api/course-data/{id}', { params: { path: { id } } })),
  });

/** Of a version, which never changes. */
export const rowsQuery = ({ id, version }: Table) =>
  infiniteQueryOptions({
    queryKey: ['sources', 'rows', id, version],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET('/api/tables/{id}/rows', {
          params: { path: { id: `${id}@${version}` }, query: { limit: PAGE, cursor: pageParam } },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    staleTime: Infinity,
  });

export const missingQuery = ({ id, version }: Table) =>
  queryOptions({
    queryKey: ['sources', 'missing', id, version],
    queryFn: () =>
      answer(api.GET('/api/tables/{id}/missing', { params: { path: { id: `${id}@${version}` } } })),
    staleTime: Infinity,
  });

export const changesQuery = ({ id, version }: Table, key: string | undefined) =>
  queryOptions({
    queryKey: ['sources', 'changes', id, version, key],
    queryFn: () =>
      answer(
        api.GET('/api/tables/{id}/changes', {
          params: { path: { id: `${id}@${version}` }, query: key === undefined ? {} : { key } },
        }),
      ),
    staleTime: Infinity,
  });

/** null: it is not watched. */
export const watchQuery = (id: string) =>
  queryOptions({
    queryKey: ['sources', 'watch', id],
    // By the clock it looks, and rows are refused, without anybody here.
    refetchInterval: WATCH_EVERY_MS,
    queryFn: async (): Promise<SheetWatch | null> => {
      try {
        return await answer(api.GET('/api/sources/{id}/watch', { params: { path: { id } } }));
      } catch (error) {
        if (error instanceof ApiProblem && error.code === 'unknown-watch') return null;
        throw error;
      }
    },
  });
