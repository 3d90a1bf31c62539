import dagre from '@dagrejs/dagre';

/** Fixed: a node whose size must be measured is mounted even where it is out of sight. */
export const NODE = { width: 220, height: 68 };
/** Below this nobody reads a sentence: hundreds of them are not painted. */
export const READABLE_ZOOM = 0.6;
/** At which a workflow opens that is read from its first block on: all of it would be too small. */
export const OPENING_ZOOM = 0.75;
/** Of the pane, on each side. */
export const PADDING = 0.1;

const BETWEEN = { nodes: 32, ranks: 44, columns: 56 };

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Line {
  readonly source: string;
  readonly target: string;
}

export interface Layout {
  readonly places: readonly { readonly x: number; readonly y: number }[];
  /** In which column each stands, from the left. */
  readonly columns: readonly number[];
  readonly size: Size;
}

/** From above to below by what waits for what; where that is longer than the pane, it goes on in a column beside, as a text does. */
export function layOut(ids: readonly string[], lines: readonly Line[], pane: Size): Layout {
  const ranks = ranked(ids, lines);
  const most = Math.floor(pane.width / READABLE_ZOOM / (NODE.width + BETWEEN.columns));
  const layouts = ranks
    .slice(0, Math.max(most, 1))
    .map((_, n) => inColumns(ids, ranks, Math.ceil(ranks.length / (n + 1))));
  const zooms = layouts.map(({ size }) => fittingZoom(size, pane));
  const best = Math.max(...zooms);
  const enough = zooms.findIndex((zoom) => zoom >= Math.min(OPENING_ZOOM, best));
  if (best >= READABLE_ZOOM) return layouts[enough]!;
  const room = { width: pane.width / OPENING_ZOOM, height: pane.height / OPENING_ZOOM };
  const rows = Math.floor((room.height + BETWEEN.ranks) / (NODE.height + BETWEEN.ranks));
  // One that is wide by itself is read downwards.
  const hasRoomBeside = room.width >= 2 * layouts[0]!.size.width + BETWEEN.columns;
  return inColumns(ids, ranks, hasRoomBeside ? Math.max(rows, 1) : ranks.length);
}

/** At which all of it is seen. */
export const fittingZoom = (size: Size, pane: Size): number =>
  (1 - 2 * PADDING) * Math.min(pane.width / size.width, pane.height / size.height);

/** Those that stand beside each other, and where. */
type Rank = ReadonlyMap<string, number>;

function ranked(ids: readonly string[], lines: readonly Line[]): Rank[] {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: BETWEEN.nodes, ranksep: BETWEEN.ranks });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of ids) graph.setNode(id, { ...NODE });
  for (const { source, target } of lines) graph.setEdge(source, target);
  dagre.layout(graph);
  const ranks = new Map<number, Map<string, number>>();
  for (const id of new Set(ids)) {
    const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
    const rank = ranks.get(y) ?? new Map<string, number>();
    ranks.set(y, rank.set(id, x - NODE.width / 2));
  }
  return [...ranks].sort(([a], [b]) => a - b).map(([, rank]) => rank);
}

function inColumns(ids: readonly string[], ranks: readonly Rank[], rows: number): Layout {
  const found = new Map<string, { x: number; y: number; column: number }>();
  let right = 0;
  for (let first = 0; first < ranks.length; first += rows) {
    const column = ranks.slice(first, first + rows);
    const lefts = column.flatMap((rank) => [...rank.values()]);
    const left = Math.min(...lefts);
    const begins = first === 0 ? 0 : right + BETWEEN.columns;
    column.forEach((rank, row) => {
      const y = row * (NODE.height + BETWEEN.ranks);
      for (const [id, x] of rank) found.set(id, { x: begins + x - left, y, column: first / rows });
    });
    right = begins + Math.max(...lefts) - left + NODE.width;
  }
  const highest = Math.min(rows, ranks.length);
  const standing = ids.map((id) => found.get(id)!);
  return {
    places: standing.map(({ x, y }) => ({ x, y })),
    columns: standing.map(({ column }) => column),
    size: { width: right, height: highest * (NODE.height + BETWEEN.ranks) - BETWEEN.ranks },
  };
}
