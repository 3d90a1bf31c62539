import { queryOptions } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { answer } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';

/** When they start next, and what came of the last time, changes by itself. */
const LOOKED_AT_MS = 5_000;

export const schedulesQuery = (workflow: string) =>
  queryOptions({
    queryKey: ['schedules', workflow],
    queryFn: async () =>
      (await answer(api.GET('/api/schedules', { params: { query: { workflow } } }))).schedules,
    refetchInterval: LOOKED_AT_MS,
  });

export const triggersQuery = (workflow: string) =>
  queryOptions({
    queryKey: ['triggers', workflow],
    queryFn: async () =>
      (await answer(api.GET('/api/triggers', { params: { query: { workflow } } }))).triggers,
  });

/** Of a pattern that is no schedule yet. */
export const timesQuery = (cron: string, timeZone: string) =>
  queryOptions({
    queryKey: ['schedule-times', cron, timeZone],
    queryFn: async () => (await answer(api.POST('/api/schedules/times', { body: { cron, timeZone } }))).times,
    enabled: cron.trim() !== '',
    retry: false,
  });

export const changedSchedules = (): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: ['schedules'] });

export const changedTriggers = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['triggers'] });
