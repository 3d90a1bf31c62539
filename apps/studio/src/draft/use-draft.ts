import { useMutation, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ApiProblem, type FieldFault } from '../api/problem.js';
import { readServer, type DraftSource, type Precondition, type ServerDraft } from './draft-source.js';
import { beginHistory, change, rebase, redo, undo, type History } from './history.js';
import {
  draftsLeft,
  keepDraft,
  keepHistory,
  nothingTyped,
  readHistory,
  readKeptDraft,
  type KeptDraft,
} from './kept-draft.js';
import { queryClient } from '../api/query-client.js';
import { lookForTabs } from '../values/tab.js';
import { mergeTexts, type Clash, type Merge, type Side } from './merge-texts.js';
import type { Path } from './yaml-edits.js';

/** Rest of the hands before a draft is saved by itself. */
const REST_MS = 2_000;
/** Steps back are kept a moment after the last of them. */
const HISTORY_REST_MS = 500;
/** Someone may save while a merge is being saved, but not for ever. */
const MOST_MERGES = 5;

export type SaveState =
  /** There is none of this id yet, and nothing was typed. */
  | { readonly kind: 'new' }
  | { readonly kind: 'saved'; readonly at: Date | undefined }
  | { readonly kind: 'unsaved' }
  | { readonly kind: 'saving' }
  | { readonly kind: 'failed'; readonly error: Error }
  /** Someone else saved meanwhile and changed what is changed here: nothing is saved until it is said whose stays. */
  | { readonly kind: 'conflict'; readonly theirs: ServerDraft; readonly clashes: readonly Clash[] };

/** What others changed meanwhile and is in the text now. */
export interface Merged {
  readonly by: string | undefined;
  readonly taken: readonly Path[];
  readonly commentsLeft: readonly string[];
}

export interface DraftEditing {
  /** Which definition, for people and the live stream: `prompts/title`. */
  readonly place: string;
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
  /** Of a conflict: whose stays at these places. After the last of them the merged text is saved. */
  readonly choose: (clashes: readonly Clash[], side: Side) => void;
  /** The last merge, until it is read. */
  readonly merged: Merged | undefined;
  readonly hideMerged: () => void;
  /** How many texts tabs that are gone left unsaved: each comes in by itself, after what is here is saved. */
  readonly left: number;
  readonly bringIn: () => void;
}

export interface FoundDraft {
  readonly history: History;
  readonly revision: number | null;
  readonly latest: number | null;
  readonly faults: readonly FieldFault[];
  readonly saved: boolean;
  /** What the server had when the text was as it is there; undefined: nobody knows any more. */
  readonly base: string | undefined;
  /** What the server has by now, where it is another one. */
  readonly changed?: ServerDraft;
  /** How many more texts tabs that are gone left unsaved. */
  readonly left: number;
}

/** What there is to edit: the draft, else a copy of the latest version, else an empty one. */
export function useFoundDraft(source: DraftSource) {
  return useQuery({
    queryKey: foundKey(source.name),
    queryFn: () => findDraft(source),
    // Read when the editor opens; from then on the editor says what is saved.
    staleTime: Infinity,
    gcTime: 0,
  });
}

const foundKey = (name: string) => ['draft', name] as const;

async function findDraft(source: DraftSource): Promise<FoundDraft> {
  await lookForTabs();
  const steps = await readHistory(source.name);
  return { ...(await findText(source, steps)), left: draftsLeft(source.name) };
}

async function findText(source: DraftSource, steps: History | undefined): Promise<Omit<FoundDraft, 'left'>> {
  const kept = readKeptDraft(source.name);
  const server = await readServer(source);
  const { latest = null, faults = [], revision = null } = server ?? {};
  const begun = server?.text ?? source.empty();
  if (!kept || kept.saved) {
    const history = kept && server ? foundAgain(source, { kept, server, steps }) : beginHistory(begun);
    return { history, base: history.text, revision, latest, faults, saved: true };
  }
  const isBase =
    !server ||
    (revision !== null && revision === kept.revision) ||
    (kept.base !== undefined && source.isSame(kept.base, server));
  const found = { history: upTo(steps, kept.text), latest, faults, saved: false };
  return isBase
    ? { ...found, base: kept.base ?? begun, revision }
    : { ...found, base: kept.base, revision: kept.revision, changed: server };
}

/** Steps are kept a moment after the text: what is newer than the last of them is one more. */
const upTo = (steps: History | undefined, text: string): History =>
  steps ? change(steps, text) : beginHistory(text);

/** What was saved here, with what others made of it since: steps back take back what was typed here, and nothing of others. */
function foundAgain(
  source: DraftSource,
  { kept, server, steps }: { kept: KeptDraft; server: ServerDraft; steps: History | undefined },
): History {
  if (source.isSame(kept.text, server)) return upTo(steps, kept.text);
  const onto = (mine: string): string => bringIn(server, { base: kept.text, mine }).text;
  const text = onto(kept.text);
  return steps?.text === text ? steps : rebase(upTo(steps, kept.text), onto);
}

/** Where nothing was typed, the text is theirs, comments and all; one that nobody wrote goes into the text here. */
function bringIn(
  server: ServerDraft,
  { base, mine }: { base: string | undefined; mine: string },
  choose?: (clash: Clash) => Side,
): Pick<Merge, 'text' | 'taken' | 'commentsLeft'> {
  const merge = mergeTexts({ base, mine, theirs: server.text }, choose);
  return server.isWritten && mine === base
    ? { text: server.text, taken: merge.taken, commentsLeft: [] }
    : merge;
}

export function useDraft(source: DraftSource, found: FoundDraft): DraftEditing {
  const { name } = source;
  const [history, setHistory] = useState<History>(found.history);
  const [savedText, setSavedText] = useState(found.saved ? found.history.text : undefined);
  const [savedAt, setSavedAt] = useState<Date>();
  const [faults, setFaults] = useState(found.faults);
  const [latest, setLatest] = useState(found.latest);
  const [theirs, setTheirs] = useState<ServerDraft>();
  const [choices, setChoices] = useState<Choices>(new Map());
  const [merged, setMerged] = useState<Merged>();
  const isNew = found.saved && found.revision === null && latest === null && savedAt === undefined;
  const revision = useRef(found.revision);
  const base = useRef(found.base);
  const { text } = history;
  const now = useRef(text);
  now.current = text;

  const precondition = (): Precondition =>
    revision.current === null ? { 'If-None-Match': '*' } : { 'If-Match': `"${revision.current}"` };
  const saving = useMutation({
    mutationFn: save,
    onSuccess: ({ sent, draft }) => {
      revision.current = draft.revision;
      base.current = sent;
      setSavedText(sent);
      setSavedAt(new Date());
      setFaults(draft.faults);
      setLatest(draft.latest);
      keepDraft(name, { text: sent, revision: draft.revision, saved: true });
      source.changed();
    },
  });

  /** Whoever saved meanwhile, their changes are brought in first. Throws where it must be said whose stays. */
  async function save(typed: string): Promise<{ sent: string; draft: ServerDraft }> {
    let sent = typed;
    for (let merges = 0; ; merges += 1) {
      const reason = source.unreadable(sent);
      if (reason !== undefined) throw new Error(reason);
      try {
        return { sent, draft: await source.save(sent, precondition()) };
      } catch (error) {
        if (!isOtherDraft(error) || merges === MOST_MERGES) throw error;
        const server = await readServer(source);
        const met = server ? meet(server) : now.current;
        if (met === undefined) throw error;
        if (!server) revision.current = null;
        else if (source.isSame(met, server)) return { sent: met, draft: server };
        sent = met;
      }
    }
  }

  /** What the server has by now comes into the text: returned, or undefined where the two clash. */
  function meet(server: ServerDraft): string | undefined {
    const { clashes } = mergeTexts({ base: base.current, mine: now.current, theirs: server.text });
    if (clashes.length === 0) return accept(server, new Map());
    setTheirs(server);
    setChoices(new Map());
    return undefined;
  }

  function accept(server: ServerDraft, chosen: Choices): string {
    const began = base.current;
    const onto = (mine: string, choose?: (clash: Clash) => Side) =>
      bringIn(server, { base: began, mine }, choose);
    const whose = (clash: Clash): Side => chosen.get(keyOf(clash)) ?? 'mine';
    const next = onto(now.current, whose);
    // What was typed here and gave way is one step back.
    setHistory((known) =>
      change(
        rebase(known, (mine) => onto(mine).text),
        onto(known.text, whose).text,
      ),
    );
    revision.current = server.revision;
    base.current = server.text;
    const isSaved = source.isSame(next.text, server);
    setSavedText(isSaved ? next.text : server.text);
    if (isSaved) keepDraft(name, { text: next.text, revision: server.revision, saved: true });
    setFaults(server.faults);
    setLatest(server.latest);
    setTheirs(undefined);
    const { taken, commentsLeft } = next;
    if (taken.length + commentsLeft.length > 0) setMerged({ by: server.by, taken, commentsLeft });
    return next.text;
  }

  useEffect(() => {
    if (found.changed) meet(found.changed);
    // Once: from then on a save tells.
  }, [found.changed]);
  useEffect(() => {
    if (text !== savedText)
      keepDraft(name, { text, revision: revision.current, saved: false, base: base.current });
    else nothingTyped(name);
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

  const clashes = useMemo(
    () => (theirs ? mergeTexts({ base: base.current, mine: text, theirs: theirs.text }).clashes : []),
    [text, theirs],
  );
  const open = clashes.filter((clash) => !choices.has(keyOf(clash)));

  return {
    place: name,
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
      try {
        const version = await source.publish({ 'If-Match': `"${revision.current}"` }, note);
        revision.current = null;
        setLatest(version);
        source.changed();
        return version;
      } catch (error) {
        const server = isOtherDraft(error) ? await readServer(source) : undefined;
        if (server) {
          meet(server);
          // What changed and by whom is looked at anew before it is published again.
          source.changed();
        }
        throw error;
      }
    },
    choose: (answered, side) => {
      const chosen = new Map([...choices, ...answered.map((clash) => [keyOf(clash), side] as const)]);
      if (clashes.every((clash) => chosen.has(keyOf(clash)))) {
        saving.reset();
        accept(theirs!, chosen);
      } else setChoices(chosen);
    },
    merged,
    hideMerged: useCallback(() => setMerged(undefined), []),
    left: found.left,
    bringIn: useCallback(() => void queryClient.resetQueries({ queryKey: foundKey(name) }), [name]),
  };

  function saveState(): SaveState {
    if (theirs) return { kind: 'conflict', theirs, clashes: open };
    if (isPending) return { kind: 'saving' };
    if (text === savedText && isNew) return { kind: 'new' };
    if (text === savedText) return { kind: 'saved', at: savedAt };
    return saving.error ? { kind: 'failed', error: saving.error } : { kind: 'unsaved' };
  }
}

type Choices = ReadonlyMap<string, Side>;

const keyOf = ({ path }: Clash): string => JSON.stringify(path);

function isOtherDraft(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 412;
}
