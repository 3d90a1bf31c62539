import { KeptChoice } from '../values/kept.js';

/** Workflows that this person keeps at the top, in this browser. */
export const pinnedWorkflows = new KeptChoice<readonly string[]>('duofactory-pinned-workflows', (kept) =>
  Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [],
);

export function pin(id: string, on: boolean): void {
  const { value } = pinnedWorkflows;
  pinnedWorkflows.choose(on ? [...value, id] : value.filter((one) => one !== id));
}
