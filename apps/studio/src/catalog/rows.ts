import type { CatalogNode, Episode } from './queries.js';

/** What the table shows, one below the other: a node, then its episodes and the slots that have none. */
export type Row =
  | { readonly is: 'node'; readonly node: CatalogNode; readonly matching: number | undefined }
  | { readonly is: 'episode'; readonly episode: Episode }
  | { readonly is: 'empty'; readonly node: string; readonly slot: number };

export function rowKey(row: Row): string {
  if (row.is === 'node') return `node/${row.node.id}`;
  return row.is === 'episode' ? row.episode.id : `empty/${row.node}/${row.slot}`;
}

/**
 * Both in the order of their places. Empty slots are shown where nothing is filtered, and as far as the episodes are
 * known: what lies beyond the last page that was read is not known to be empty.
 */
export function rowsOf(
  nodes: readonly CatalogNode[],
  episodes: readonly Episode[],
  of: {
    /** How many match, by node. */
    counts: ReadonlyMap<string | null, number>;
    isFiltered: boolean;
    isWhole: boolean;
  },
): Row[] {
  const byNode = Map.groupBy(episodes, ({ node }) => node);
  const last = episodes.at(-1);
  const rows: Row[] = [];
  for (const node of nodes) {
    const here = byNode.get(node.id) ?? [];
    const isBeyond = !of.isWhole && here.length === 0;
    if (isBeyond || (of.isFiltered && here.length === 0)) continue;
    rows.push({ is: 'node', node, matching: of.counts.get(node.id) });
    const isCut = !of.isWhole && last?.node === node.id;
    const empty = of.isFiltered ? [] : node.emptySlots.filter((slot) => !isCut || slot < last.slot);
    const inSlots = [
      ...here.map((episode) => ({ slot: episode.slot, row: { is: 'episode', episode } as const })),
      ...empty.map((slot) => ({ slot, row: { is: 'empty', node: node.id, slot } as const })),
    ];
    rows.push(...inSlots.sort((a, b) => a.slot - b.slot).map(({ row }) => row));
  }
  return rows;
}
