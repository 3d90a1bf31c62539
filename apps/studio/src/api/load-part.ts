import { lazy, type ComponentType } from 'react';
import { answer } from './problem.js';
import { api } from './client.js';

const LOOK_AGAIN_MS = 2_000;

/**
 * Code of a part, that is not loaded with the first screen. It is fetched in a quiet moment, so that it is there when it
 * is asked for; while the server is away it waits, instead of ending the part or the page.
 */
export function whenServed<Module>(load: () => Promise<Module>): () => Promise<Module> {
  let loading: Promise<Module> | undefined;
  const once = (): Promise<Module> =>
    (loading ??= patiently(load).catch((error: unknown) => {
      loading = undefined;
      throw error;
    }));
  inQuiet(once);
  return once;
}

/** The default export of a module, as a component that is loaded when it is first shown. */
export const lazyPart = <Props>(load: () => Promise<{ default: ComponentType<Props> }>) =>
  lazy(whenServed(load));

/** Throws where the code cannot be loaded although the server answers: it is of a version that is no more. */
async function patiently<Module>(load: () => Promise<Module>): Promise<Module> {
  for (;;) {
    try {
      return await load();
    } catch {
      if (await isServing()) return load();
      do await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      while (!(await isServing()));
    }
  }
}

const isServing = (): Promise<boolean> =>
  answer(api.GET('/api/workflows')).then(
    () => true,
    () => false,
  );

const parts: (() => Promise<unknown>)[] = [];

function inQuiet(load: () => Promise<unknown>): void {
  parts.push(load);
  if (parts.length === 1) next();
}

/** One after the other: what a person does meanwhile goes first. */
function next(): void {
  const load = (): void =>
    void parts[0]!()
      .catch(() => undefined)
      .then(() => {
        parts.shift();
        if (parts.length > 0) next();
      });
  if ('requestIdleCallback' in window) window.requestIdleCallback(load);
  else setTimeout(load, 1_000);
}
