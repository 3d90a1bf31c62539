import createClient from 'openapi-fetch';
import { actingUser, headerOf } from './acting-user.js';
import type { components, paths } from './schema.js';

/** Reading and saving take no longer: who is silent for so long is away. Paid work may take its time. */
const WITHIN_MS = 30_000;
const PATIENT = new Set(['POST', 'PATCH', 'DELETE']);

const USER = 'X-DuoFactory-User';

export const api = createClient<paths>({
  baseUrl: '/',
  fetch: (request: Request) =>
    fetch(
      request,
      PATIENT.has(request.method)
        ? {}
        : { signal: AbortSignal.any([request.signal, AbortSignal.timeout(WITHIN_MS)]) },
    ),
});
api.use({
  onRequest({ request }) {
    if (!request.headers.has(USER)) request.headers.set(USER, headerOf(actingUser.value));
  },
});

type Schemas = components['schemas'];
export type RunSummary = Schemas['RunSummary'];
export type WorkflowRun = Schemas['WorkflowRun'];
export type RunDetail = Schemas['RunDetail'];
export type RunBlock = Schemas['RunBlock'];
export type TaskDetail = Schemas['TaskDetail'];
export type RunTask = Schemas['RunTask'];
export type Editors = Schemas['Editors'];
export type RunUpdate = Schemas['RunUpdate'];
export type CatalogUpdate = Schemas['CatalogUpdate'];
export type RunResults = Schemas['RunResults'];
export type RunPayload = Schemas['RunPayload'];
export type WorkflowSummary = Schemas['WorkflowSummary'];
export type BlockManifest = Schemas['BlockManifest'];
export type WorkflowDraft = Schemas['WorkflowDraft'];
export type TypeWork = Schemas['TypeWork'];
export type DeadLetter = Schemas['DeadLetter'];
export type OpenReview = Schemas['Review'];
export type WaitingReview = Schemas['WaitingReview'];
export type PayloadLineage = Schemas['PayloadLineage'];
export type WayStep = PayloadLineage['way'][number];
export type Fate = PayloadLineage['became'][number];
export type Rehearsal = Schemas['Rehearsal'];
export type Schedule = Schemas['Schedule'];
export type Trigger = Schemas['Trigger'];
export type RunEstimate = Schemas['RunEstimate'];
export type LedgerCall = Schemas['LedgerCall'];
export type RunTimeline = Schemas['RunTimeline'];
export type RunComparison = Schemas['RunComparison'];
export type ComparedPayload = Schemas['ComparedPayload'];
export type SheetRangeBody = Schemas['SheetRangeBody'];
export type SheetWatchBody = Schemas['SheetWatchBody'];
