import { useSyncExternalStore } from 'react';

/** What this browser keeps under a key; undefined: nothing, or nothing that can be read. */
export function readKept(key: string): unknown {
  return parsed(sessionStorage.getItem(key)) ?? parsed(localStorage.getItem(key));
}

/**
 * Written before the call returns: a reload in the middle of a word loses none of it. undefined takes it away. Where the
 * browser's store is full, the tab's own takes it, which lasts as long as the tab; where that is full too, screens say so.
 * false: nothing has it.
 */
export function keep(key: string, value: unknown): boolean {
  if (value === undefined) {
    localStorage.removeItem(key);
    sessionStorage.removeItem(key);
    return true;
  }
  const text = JSON.stringify(value);
  const isInBrowser = isStored(localStorage, key, text);
  if (isInBrowser) sessionStorage.removeItem(key);
  const isKept = isInBrowser || isStored(sessionStorage, key, text);
  tellFull(!isKept);
  return isKept;
}

/** Those that begin so. */
export function keptKeys(prefix: string): readonly string[] {
  return [...new Set([...Object.keys(localStorage), ...Object.keys(sessionStorage)])].filter((key) =>
    key.startsWith(prefix),
  );
}

let isFull = false;
const onFull = new Set<() => void>();

function tellFull(now: boolean): void {
  if (now === isFull) return;
  isFull = now;
  for (const listener of onFull) listener();
}

/** Whether the last that was to be kept could not be. */
export function useStoreFull(): boolean {
  return useSyncExternalStore(
    (listener) => {
      onFull.add(listener);
      return () => onFull.delete(listener);
    },
    () => isFull,
  );
}

/** false: the store is full. */
export function isStored(store: Storage, key: string, text: string): boolean {
  try {
    store.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

function parsed(text: string | null): unknown {
  try {
    return (JSON.parse(text ?? 'null') as unknown) ?? undefined;
  } catch {
    return undefined;
  }
}

/** A choice of the person that this browser keeps, and that screens follow. What another tab chose holds from its next look on. */
export class KeptChoice<T> {
  readonly #listeners = new Set<() => void>();
  #text: string | null | undefined;
  #value!: T;
  /** No store had room for it: it holds as long as the page. */
  #unkept: { readonly value: T } | undefined;

  /** `read`: the choice by what was kept; of undefined, what holds without one. */
  constructor(
    private readonly key: string,
    private readonly read: (kept: unknown) => T,
  ) {}

  get value(): T {
    if (this.#unkept) return this.#unkept.value;
    const text = sessionStorage.getItem(this.key) ?? localStorage.getItem(this.key);
    if (text !== this.#text) {
      this.#text = text;
      this.#value = this.read(parsed(text));
    }
    return this.#value;
  }

  choose(value: T): void {
    this.#unkept = keep(this.key, value) ? undefined : { value };
    for (const listener of this.#listeners) listener();
  }

  follow(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export function useKeptChoice<T>(choice: KeptChoice<T>): T {
  return useSyncExternalStore(
    (listener) => choice.follow(listener),
    () => choice.value,
  );
}
