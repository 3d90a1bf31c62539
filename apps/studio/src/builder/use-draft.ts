import { useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api, type WorkflowDraft } from '../api/client.js';
import { answer, ApiProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import {
  applyEdit,
  readWorkflow,
  writeWorkflow,
  type Edit,
  type EditedWorkflow,
  type Reading,
} from './document.js';
import { beginHistory, change, redo, undo, type History } from './history.js';
import { forget, keep, readKept } from './kept-draft.js';

/** Rest of the hands before a draft is saved by itself. */
const REST_MS = 2_000;

export type SaveState =
  | { readonly kind: 'saved'; readonly at: Date | undefined }
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'failed'; readonly error: Error }
  /** Someone else saved meanwhile: both texts are there, neither is dropped. */
  | { readonly kind: 'conflict'; readonly theirs: WorkflowDraft };

export interface DraftEditing {
  readonly text: string;
  readonly reading: Reading;
  /** What was last readable: list and canvas stay while the YAML is being typed. */
  readonly workflow: EditedWorkflow | undefined;
  readonly faults: WorkflowDraft['errors'];
  readonly save: SaveState;
  readonly latest: number | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly edit: (edit: Edit) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Saves at once; true when the server has it. */
  readonly saveNow: () => Promise<boolean>;
  readonly publish: () => Promise<number>;
  /** Of a conflict: whose text goes on. */
  readonly resolve: (with_: 'mine' | 'theirs') => void;
}

interface Found {
  readonly text: string;
  readonly revision: number | null;
  readonly latest: number | null;
  readonly faults: WorkflowDraft['errors'];
  readonly saved: boolean;
}

/** What there is to edit: the draft, else a copy of the latest version, else an empty workflow. */
export const draftQuery = (id: string) => ({
  queryKey: ['draft', id],
  queryFn: () => findDraft(id),
  // Read when the editor opens; from then on the editor says what is saved.
  staleTime: Infinity,
  gcTime: 0,
});

async function findDraft(id: string): Promise<Found> {
  const kept = readKept(id);
  const draft = await orMissing(answer(api.GET('/api/workflows/{id}/draft', { params: { path: { id } } })));
  if (draft) {
    const text = kept && isOf(kept.text, draft.definition) ? kept.text : writeWorkflow(draft.definition);
    const { revision, latest, errors } = draft;
    if (kept && !kept.saved)
      return { text: kept.text, revision: kept.revision, latest, faults: errors, saved: false };
    return { text, revision, latest, faults: errors, saved: true };
  }
  const published = await orMissing(answer(api.GET('/api/workflows/{id}', { params: { path: { id } } })));
  const latest = published?.version ?? null;
  if (kept && (!kept.saved || (published && isOf(kept.text, published.definition))))
    return { text: kept.text, revision: null, latest, faults: [], saved: kept.saved };
  const definition = published?.definition ?? { kind: 'workflow', id, name: id, blocks: [] };
  return { text: writeWorkflow(definition), revision: null, latest, faults: [], saved: true };
}

async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

/** Whether the text says what the server has: then its comments are the draft's. */
function isOf(text: string, definition: unknown): boolean {
  const reading = readWorkflow(text);
  return 'workflow' in reading && sorted(reading.workflow.definition) === sorted(definition);
}

/** The same fields in another order are the same. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

export function useDraft(id: string, found: Found): DraftEditing {
  const [history, setHistory] = useState<History>(() => beginHistory(found.text));
  const [savedText, setSavedText] = useState(found.saved ? found.text : undefined);
  const [savedAt, setSavedAt] = useState<Date>();
  const [faults, setFaults] = useState(found.faults);
  const [latest, setLatest] = useState(found.latest);
  const [theirs, setTheirs] = useState<WorkflowDraft>();
  const revision = useRef(found.revision);
  const { text } = history;
  const reading = useMemo(() => readWorkflow(text), [text]);
  const readable = useRef<EditedWorkflow>(undefined);
  if ('workflow' in reading) readable.current = reading.workflow;

  const saving = useMutation({
    mutationFn: async (sent: string) => {
      const read = readWorkflow(sent);
      if (!('workflow' in read)) throw new Error(`The YAML cannot be read: ${read.unreadable}`);
      const header =
        revision.current === null ? { 'If-None-Match': '*' } : { 'If-Match': `"${revision.current}"` };
      const { definition } = read.workflow;
      const draft = await answer(
        api.PUT('/api/workflows/{id}/draft', { params: { path: { id }, header }, body: { definition } }),
      );
      return { sent, draft };
    },
    onSuccess: ({ sent, draft }) => {
      revision.current = draft.revision;
      setSavedText(sent);
      setSavedAt(new Date());
      setFaults(draft.errors);
      setLatest(draft.latest);
      keep(id, { text: sent, revision: draft.revision, saved: true });
      void queryClient.invalidateQueries({ queryKey: ['workflows'] });
    },
    onError: async (error) => {
      if (!(error instanceof ApiProblem) || error.status !== 412) return;
      setTheirs(await answer(api.GET('/api/workflows/{id}/draft', { params: { path: { id } } })));
    },
  });

  useEffect(() => {
    if (text !== savedText) keep(id, { text, revision: revision.current, saved: false });
  }, [id, text, savedText]);

  const { mutateAsync, isPending } = saving;
  const canSave = text !== savedText && !isPending && !theirs && 'workflow' in reading;
  useEffect(() => {
    if (!canSave) return undefined;
    const timer = setTimeout(() => void mutateAsync(text).catch(() => undefined), REST_MS);
    return () => clearTimeout(timer);
    // A save that failed is tried again: by the next edit, or after the same rest.
  }, [canSave, text, mutateAsync, saving.failureCount, saving.submittedAt]);

  const saveNow = useCallback(async (): Promise<boolean> => {
    if (text === savedText && revision.current !== null) return true;
    return mutateAsync(text).then(
      () => true,
      () => false,
    );
  }, [text, savedText, mutateAsync]);

  return {
    text,
    reading,
    workflow: readable.current,
    faults,
    latest,
    save: saveState(),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    edit: useCallback((edit: Edit) => setHistory((known) => change(known, applyEdit(known.text, edit))), []),
    undo: useCallback(() => setHistory(undo), []),
    redo: useCallback(() => setHistory(redo), []),
    saveNow,
    publish: async () => {
      const header = { 'If-Match': `"${revision.current}"` };
      const { version } = await answer(
        api.POST('/api/workflows/{id}/draft/publish', { params: { path: { id }, header }, body: {} }),
      );
      revision.current = null;
      setLatest(version);
      await queryClient.invalidateQueries({ queryKey: ['workflows'] });
      await queryClient.invalidateQueries({ queryKey: ['workflow', id] });
      return version;
    },
    resolve: (with_) => {
      revision.current = theirs!.revision;
      if (with_ === 'theirs') {
        const taken = writeWorkflow(theirs!.definition);
        // Mine is one step back.
        setHistory((known) => change(known, taken));
        setSavedText(taken);
        setFaults(theirs!.errors);
        forget(id);
      }
      setTheirs(undefined);
      saving.reset();
    },
  };

  function saveState(): SaveState {
    if (theirs) return { kind: 'conflict', theirs };
    if (isPending) return { kind: 'saving' };
    if (text === savedText) return { kind: 'saved', at: savedAt };
    return saving.error ? { kind: 'failed', error: saving.error } : { kind: 'unsaved' };
  }
}

export function useFoundDraft(id: string) {
  return useQuery(draftQuery(id));
}
