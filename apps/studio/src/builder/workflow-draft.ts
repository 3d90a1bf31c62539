import { useCallback, useMemo, useRef } from 'react';
import { api, type WorkflowDraft } from '../api/client.js';
import { answer } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import type { DraftSource, ServerDraft } from '../draft/draft-source.js';
import { useDraft, type DraftEditing, type FoundDraft } from '../draft/use-draft.js';
import {
  applyEdit,
  readWorkflow,
  writeWorkflow,
  type Edit,
  type EditedWorkflow,
  type Reading,
} from './document.js';

export interface WorkflowEditing extends Omit<DraftEditing, 'faults'> {
  readonly faults: WorkflowDraft['errors'];
  readonly reading: Reading;
  /** What was last readable: list and canvas stay while the YAML is being typed. */
  readonly workflow: EditedWorkflow | undefined;
  readonly edit: (edit: Edit) => void;
}

/** The text as somebody wrote it; what came as a definition alone is written here. */
export function workflowSource(id: string): DraftSource {
  const path = { id };
  return {
    name: `workflows/${id}`,
    draft: async () => draftOf(await answer(api.GET('/api/workflows/{id}/draft', { params: { path } }))),
    published: async () => {
      const { version, definition, yaml } = await answer(
        api.GET('/api/workflows/{id}', { params: { path } }),
      );
      return { version, text: yaml ?? writeWorkflow(definition), isWritten: yaml !== null };
    },
    empty: () => writeWorkflow({ kind: 'workflow', id, name: id, blocks: [] }),
    isSame: (text, server) =>
      text === server.text || (!server.isWritten && meaning(text) === meaning(server.text)),
    unreadable: (text) => {
      const reading = readWorkflow(text);
      return 'workflow' in reading ? undefined : `The YAML cannot be read: ${reading.unreadable}`;
    },
    save: async (yaml, header) =>
      draftOf(
        await answer(api.PUT('/api/workflows/{id}/draft', { params: { path, header }, body: { yaml } })),
      ),
    publish: async (header, note) => {
      const body = note === undefined ? {} : { note };
      const { version } = await answer(
        api.POST('/api/workflows/{id}/draft/publish', { params: { path, header }, body }),
      );
      return version;
    },
    changed: () => {
      void queryClient.invalidateQueries({ queryKey: ['workflows'] });
      void queryClient.invalidateQueries({ queryKey: ['workflow', id] });
      void queryClient.invalidateQueries({ queryKey: ['definition', 'workflows', id] });
    },
  };
}

function draftOf({ revision, latest, by, definition, yaml, errors }: WorkflowDraft): ServerDraft {
  return {
    ...{ revision, latest, by, faults: errors, isWritten: yaml !== null },
    // Who only saved asks for no text: to write a long one takes longer than a key may.
    get text() {
      return yaml ?? writeWorkflow(definition);
    },
  };
}

/** The same fields in another order are the same. */
function meaning(text: string): string | undefined {
  const reading = readWorkflow(text);
  if (!('workflow' in reading)) return undefined;
  return JSON.stringify(reading.workflow.definition, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

export function useWorkflowDraft(id: string, found: FoundDraft): WorkflowEditing {
  const source = useMemo(() => workflowSource(id), [id]);
  const draft = useDraft(source, found);
  const { text, change } = draft;
  const reading = useMemo(() => readWorkflow(text), [text]);
  const readable = useRef<EditedWorkflow>(undefined);
  if ('workflow' in reading) readable.current = reading.workflow;
  return {
    ...draft,
    faults: draft.faults as WorkflowDraft['errors'],
    reading,
    workflow: readable.current,
    edit: useCallback((edit: Edit) => change((before) => applyEdit(before, edit), placeOf(edit)), [change]),
  };
}

/** What is typed there goes on as one step. */
function placeOf(edit: Edit): string | undefined {
  if (edit.kind === 'set') return edit.path.join('.');
  return edit.kind === 'replace' || edit.kind === 'rename-block' ? edit.kind : undefined;
}
