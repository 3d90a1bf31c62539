import { useEffect, useState } from 'react';
import type { Episode } from './queries.js';

/** Chosen episodes: these, or all that the filters match, seen or not. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly isAll: boolean;
  readonly has: (id: string) => boolean;
  readonly toggle: (id: string) => void;
  /** The episodes that were read so far. */
  readonly page: (chosen: boolean) => void;
  readonly all: () => void;
  readonly clear: () => void;
}

/** Other filters are another list: nothing that is out of sight stays chosen. */
export function useSelection(filters: string, episodes: readonly Episode[]): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [isAll, setAll] = useState(false);
  const clear = (): void => {
    setIds(new Set());
    setAll(false);
  };
  useEffect(clear, [filters]);
  const loaded = (): Set<string> => new Set(episodes.map(({ id }) => id));
  return {
    ids,
    isAll,
    has: (id) => isAll || ids.has(id),
    toggle: (id) => {
      const next = isAll ? loaded() : new Set(ids);
      if (!next.delete(id)) next.add(id);
      setAll(false);
      setIds(next);
    },
    page: (chosen) => {
      setAll(false);
      setIds(chosen ? loaded() : new Set());
    },
    all: () => setAll(true),
    clear,
  };
}
