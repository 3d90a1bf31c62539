import { useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiProblem, type FieldFault } from '../api/problem.js';
import { orMissing, type DraftSource, type Precondition, type ServerDraft } from './draft-source.js';
import { beginHistory, change, redo, undo, type History } from './history.js';
import { forget, keep, keepHistory, readHistory, readKept } from './kept-draft.js';

/** Rest of the hands before a draft is saved by itself. */
const REST_MS = 2_000;
/** Steps back are kept a moment after the last of them. */
const HISTORY_REST_MS = 500;

export type SaveState =
  | { readonly kind: 'saved'; readonly at: Date | undefined }
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'failed'; readonly error: Error }
  /** Someone else saved meanwhile: both texts are there, neither is dropped. */
  | { readonly kind: 'conflict'; readonly theirs: ServerDraft };

export interface DraftEditing {
  readonly text: string;
  readonly faults: readonly FieldFault[];
  readonly save: SaveState;
  readonly latest: number | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** `place`: where it was typed; typing on at one place is one step back. */
  readonly change: (edit: (text: string) => string, place?: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Saves at once; true when the server has it. */
  readonly saveNow: () => Promise<boolean>;
  readonly publish: (note?: string) => Promise<number>;
  /** Of a conflict: whose text goes on. */
  readonly resolve: (with_: 'mine' | 'theirs') => void;
}

export interface FoundDraft {
  readonly history: History;
  readonly revision: number | null;
  readonly latest: number | null;
  readonly faults: readonly FieldFault[];
  readonly saved: boolean;
}

/** What there is to edit: the draft, else a copy of the latest version, else an empty one. */
export function useFoundDraft(source: DraftSource) {
  return useQuery({
    queryKey: ['draft', source.name],
    queryFn: () => findDraft(source),
    // Read when the editor opens; from then on the editor says what is saved.
    staleTime: Infinity,
    gcTime: 0,
  });
}

async function findDraft(source: DraftSource): Promise<FoundDraft> {
  const found = await findText(source);
  const history = await readHistory(source.name);
  return { ...found, history: history?.text === found.text ? history : beginHistory(found.text) };
}

async function findText(source: DraftSource): Promise<Omit<FoundDraft, 'history'> & { text: string }> {
  const kept = readKept(source.name);
  const draft = await orMissing(source.draft());
  if (draft) {
    const { revision, latest, faults } = draft;
    if (kept && !kept.saved)
      return { text: kept.text, revision: kept.revision, latest, faults, saved: false };
    const text = kept && source.isSame(kept.text, draft.text) ? kept.text : draft.text;
    return { text, revision, latest, faults, saved: true };
  }
  const published = await orMissing(source.published());
  const latest = published?.version ?? null;
  if (kept && (!kept.saved || (published && source.isSame(kept.text, published.text))))
    return { text: kept.text, revision: null, latest, faults: [], saved: kept.saved };
  return { text: published?.text ?? source.empty(), revision: null, latest, faults: [], saved: true };
}

export function useDraft(source: DraftSource, found: FoundDraft): DraftEditing {
  const { name } = source;
  const [history, setHistory] = useState<History>(found.history);
  const [savedText, setSavedText] = useState(found.saved ? found.history.text : undefined);
  const [savedAt, setSavedAt] = useState<Date>();
  const [faults, setFaults] = useState(found.faults);
  const [latest, setLatest] = useState(found.latest);
  const [theirs, setTheirs] = useState<ServerDraft>();
  const revision = useRef(found.revision);
  const { text } = history;

  const precondition = (): Precondition =>
    revision.current === null ? { 'If-None-Match': '*' } : { 'If-Match': `"${revision.current}"` };
  const saving = useMutation({
    mutationFn: async (sent: string) => {
      const reason = source.unreadable(sent);
      if (reason !== undefined) throw new Error(reason);
      return { sent, draft: await source.save(sent, precondition()) };
    },
    onSuccess: ({ sent, draft }) => {
      revision.current = draft.revision;
      setSavedText(sent);
      setSavedAt(new Date());
      setFaults(draft.faults);
      setLatest(draft.latest);
      keep(name, { text: sent, revision: draft.revision, saved: true });
      source.changed();
    },
    onError: async (error) => {
      if (!(error instanceof ApiProblem) || error.status !== 412) return;
      setTheirs(await source.draft());
    },
  });

  useEffect(() => {
    if (text !== savedText) keep(name, { text, revision: revision.current, saved: false });
  }, [name, text, savedText]);
  useEffect(() => {
    const timer = setTimeout(() => void keepHistory(name, history), HISTORY_REST_MS);
    return () => clearTimeout(timer);
  }, [name, history]);

  const { mutateAsync, isPending } = saving;
  const canSave = text !== savedText && !isPending && !theirs && source.unreadable(text) === undefined;
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
    faults,
    latest,
    save: saveState(),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    change: useCallback(
      (edit: (before: string) => string, place?: string) =>
        setHistory((known) => change(known, edit(known.text), place)),
      [],
    ),
    undo: useCallback(() => setHistory(undo), []),
    redo: useCallback(() => setHistory(redo), []),
    saveNow,
    publish: async (note) => {
      const version = await source.publish({ 'If-Match': `"${revision.current}"` }, note);
      revision.current = null;
      setLatest(version);
      source.changed();
      return version;
    },
    resolve: (with_) => {
      revision.current = theirs!.revision;
      if (with_ === 'theirs') {
        const taken = theirs!.text;
        // Mine is one step back.
        setHistory((known) => change(known, taken));
        setSavedText(taken);
        setFaults(theirs!.faults);
        forget(name);
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
