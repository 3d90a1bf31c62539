import { ApiProblem, type FieldFault } from '../api/problem.js';

/** A draft as the server has it, or the version that a new one begins with. */
export interface ServerDraft {
  /** null: there is no draft. */
  readonly revision: number | null;
  readonly latest: number | null;
  /** Who saved it. */
  readonly by?: string;
  readonly text: string;
  /** false: it was made of the definition, nobody wrote it. */
  readonly isWritten: boolean;
  readonly faults: readonly FieldFault[];
}

export type Precondition = { readonly 'If-Match': string } | { readonly 'If-None-Match': string };

/** Where drafts of one definition are read and saved. Its text is the one document that every view edits. */
export interface DraftSource {
  /** Which definition, for the browser: `prompts/title`. */
  readonly name: string;
  /** Throws ApiProblem, with 404 where there is none. */
  draft(): Promise<ServerDraft>;
  /** The latest version. Throws ApiProblem, with 404 where there is none. */
  published(): Promise<
    Pick<ServerDraft, 'text' | 'isWritten'> & { readonly version: number; readonly by?: string }
  >;
  /** What a new one begins with. */
  empty(): string;
  /** Whether the server has this text; where nobody wrote one, what it says is enough. */
  isSame(text: string, server: ServerDraft): boolean;
  /** Why the text cannot be sent as it is; undefined: it can. */
  unreadable(text: string): string | undefined;
  save(text: string, header: Precondition): Promise<ServerDraft>;
  /** Of a draft that was saved. */
  publish(header: { readonly 'If-Match': string }, note: string | undefined): Promise<number>;
  /** Something of it changed: lists and other screens read it anew. */
  changed(): void;
}

export async function orMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

/** What there is on the server to go on with; undefined: nothing. */
export async function readServer(source: DraftSource): Promise<ServerDraft | undefined> {
  const draft = await orMissing(source.draft());
  if (draft) return draft;
  const published = await orMissing(source.published());
  return published && { ...published, revision: null, latest: published.version, faults: [] };
}
