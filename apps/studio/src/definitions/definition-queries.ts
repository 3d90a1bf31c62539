import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { stringify } from 'yaml';
import { api } from '../api/client.js';
import { answer } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { writeWorkflow } from '../builder/document.js';
import type { components } from '../api/schema.js';
import type { DraftSource, ServerDraft } from '../draft/draft-source.js';
import { readYaml } from '../draft/read-yaml.js';

type Schemas = components['schemas'];
export type DefinitionSummary = Schemas['DefinitionSummary'];
export type DefinitionChange = Schemas['DefinitionChange'];
export type PastInput = Schemas['PastInput'];
export type VersionSummary = Pick<
  Schemas['DefinitionVersionSummary'],
  'version' | 'author' | 'publishedAt' | 'note' | 'labels'
>;

export type DraftChanges = Schemas['DraftChanges'];

export type Resource = 'prompts' | 'evaluators' | 'golden-sets';
/** What has drafts and versions. */
export type Drafted = Resource | 'workflows';
/** As references name what the resource keeps. */
export const KIND_OF = { prompts: 'prompt', evaluators: 'evaluator', 'golden-sets': 'golden-set' } as const;

/** All three have the same operations and answers: those of prompts stand for them. */
const on = <Path extends string>(resource: Drafted, path: Path): Path =>
  path.replace('/api/prompts', `/api/${resource}`) as Path;

export const definitionsQuery = (resource: Resource) =>
  queryOptions({
    queryKey: ['definitions', resource],
    queryFn: async () => {
      const found = await answer(api.GET(on(resource, '/api/prompts')));
      return (found as unknown as Record<Resource, DefinitionSummary[]>)[resource];
    },
  });

/** `which`: a version, or the latest. */
export const versionQuery = (resource: Resource, id: string, which?: string) =>
  queryOptions({
    queryKey: ['definition', resource, id, which ?? 'latest'],
    queryFn: () =>
      answer(
        api.GET(on(resource, '/api/prompts/{id}'), {
          params: { path: { id: which === undefined ? id : `${id}@${which}` } },
        }),
      ),
  });

export const versionsQuery = (resource: Drafted, id: string) =>
  queryOptions({
    queryKey: ['definition', resource, id, 'versions'],
    queryFn: () => (resource === 'workflows' ? workflowVersions(id) : definitionVersions(resource, id)),
  });

async function definitionVersions(resource: Resource, id: string): Promise<VersionSummary[]> {
  const path = on(resource, '/api/prompts/{id}/versions');
  return (await answer(api.GET(path, { params: { path: { id } } }))).versions;
}

/** Those that are published: a draft that ran is no version for people. */
async function workflowVersions(id: string): Promise<VersionSummary[]> {
  const { versions } = await answer(api.GET('/api/workflows/{id}/versions', { params: { path: { id } } }));
  return versions
    .filter(({ published }) => published)
    .map(({ version, author, at, note }) => ({
      ...{ version, note, labels: [] },
      ...{ author: author ?? 'local', publishedAt: at },
    }));
}

/** As it is edited. */
export async function versionText(resource: Drafted, id: string, version: number): Promise<string> {
  if (resource !== 'workflows')
    return (await queryClient.fetchQuery(versionQuery(resource, id, String(version)))).yaml;
  const path = { id, version: String(version) };
  const found = await answer(api.GET('/api/workflows/{id}/versions/{version}', { params: { path } }));
  return found.yaml ?? writeWorkflow(found.definition);
}

export const revisionsQuery = (resource: Drafted, id: string) =>
  infiniteQueryOptions({
    queryKey: ['definition', resource, id, 'revisions'],
    queryFn: ({ pageParam }) =>
      answer(
        api.GET(on(resource, '/api/prompts/{id}/draft/revisions'), {
          params: { path: { id }, query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

export async function revisionText(resource: Drafted, id: string, revision: number): Promise<string> {
  const params = { path: { id, revision } };
  if (resource !== 'workflows')
    return (await answer(api.GET(on(resource, '/api/prompts/{id}/draft/revisions/{revision}'), { params })))
      .yaml;
  const found = await answer(api.GET('/api/workflows/{id}/draft/revisions/{revision}', { params }));
  return found.yaml ?? writeWorkflow(found.definition);
}

/** The label is on this version alone; null: on none. */
export async function moveLabel(
  resource: Resource,
  { id, label, version }: { id: string; label: string; version: number | null },
): Promise<void> {
  const where = on(resource, '/api/prompts/{id}/labels/{label}');
  const params = { path: { id, label } };
  if (version === null) await answer(api.DELETE(where, { params }));
  else await answer(api.PUT(where, { params, body: { version } }));
  await queryClient.invalidateQueries({ queryKey: ['definition', resource, id, 'versions'] });
  void queryClient.invalidateQueries({ queryKey: ['definitions', resource] });
}

/** Who changed what since the version that is published. `at`: when the draft was saved. */
export const draftChangesQuery = (resource: Drafted, id: string, at?: unknown) =>
  queryOptions({
    queryKey: ['definition', resource, id, 'changes', at],
    queryFn: (): Promise<DraftChanges> =>
      answer(api.GET(on(resource, '/api/prompts/{id}/draft/changes'), { params: { path: { id } } })),
  });

/** `at`: what the answer depends on, such as when the draft was saved. */
export const diffQuery = (resource: Resource, id: string, of: { from: string; to: string; at?: unknown }) =>
  queryOptions({
    queryKey: ['definition', resource, id, 'diff', of],
    queryFn: () =>
      answer(
        api.GET(on(resource, '/api/prompts/{id}/diff'), {
          params: { path: { id }, query: { from: of.from, to: of.to } },
        }),
      ),
  });

export const usesQuery = (resource: Resource, id: string) =>
  queryOptions({
    queryKey: ['definition', resource, id, 'uses'],
    queryFn: () =>
      answer(
        api.GET('/api/references/{kind}/{id}/uses', { params: { path: { kind: KIND_OF[resource], id } } }),
      ),
  });

export const workflowUsesQuery = (id: string) =>
  queryOptions({
    queryKey: ['definition', 'workflows', id, 'uses'],
    queryFn: () => answer(api.GET('/api/workflows/{id}/uses', { params: { path: { id } } })),
  });

export interface SoughtInputs {
  readonly find: string;
  readonly order: 'newest' | 'worst';
  /** Of the worst: only those of at most this. */
  readonly maxScore: number | undefined;
}

export const pastInputsQuery = (resource: Resource, id: string, sought: SoughtInputs) =>
  infiniteQueryOptions({
    queryKey: ['definition', resource, id, 'inputs', sought],
    queryFn: ({ pageParam }) => {
      const { find, order, maxScore } = sought;
      const query = {
        ...{ limit: 20, order },
        ...(find ? { find } : {}),
        ...(order === 'worst' && maxScore !== undefined ? { maxScore } : {}),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      const path = { kind: KIND_OF[resource], id };
      return answer(api.GET('/api/references/{kind}/{id}/inputs', { params: { path, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });

/** The server keeps the text as it was written, with its comments. */
export function definitionSource(resource: Resource, id: string, empty: object): DraftSource {
  const path = { id };
  return {
    name: `${resource}/${id}`,
    draft: async () =>
      draftOf(await answer(api.GET(on(resource, '/api/prompts/{id}/draft'), { params: { path } }))),
    published: async () => {
      const found = await answer(api.GET(on(resource, '/api/prompts/{id}'), { params: { path } }));
      return { version: found.version, text: found.yaml, isWritten: true, by: found.author };
    },
    empty: () => stringify(empty),
    isSame: (text, server) => text === server.text,
    unreadable: (text) => {
      const read = readYaml(text);
      return 'unreadable' in read ? `The YAML cannot be read: ${read.unreadable}` : undefined;
    },
    save: async (yaml, header) =>
      draftOf(
        await answer(
          api.PUT(on(resource, '/api/prompts/{id}/draft'), { params: { path, header }, body: { yaml } }),
        ),
      ),
    publish: async (header, note) => {
      const body = note === undefined ? {} : { note };
      const { version } = await answer(
        api.POST(on(resource, '/api/prompts/{id}/draft/publish'), { params: { path, header }, body }),
      );
      return version;
    },
    changed: () => {
      void queryClient.invalidateQueries({ queryKey: ['definitions', resource] });
      void queryClient.invalidateQueries({ queryKey: ['definition', resource, id] });
    },
  };
}

function draftOf(of: Schemas['DefinitionDraft']): ServerDraft {
  const { revision, latest, by, yaml, errors } = of;
  return { revision, latest, by, text: yaml, isWritten: true, faults: errors };
}
