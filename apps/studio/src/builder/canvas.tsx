import dagre from '@dagrejs/dagre';
import { useComputedColorScheme } from '@mantine/core';
import {
  Background,
  Controls,
  Handle,
  Position,
  ReactFlow,
  useOnViewportChange,
  type Connection,
  type Edge,
  type Node,
  type NodeProps,
  type ReactFlowInstance,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { replaceEqualDeep } from '@tanstack/react-query';
import { memo, useMemo, useRef, type RefObject } from 'react';
import { faultsOf } from './block-faults.js';
import type { BlocksProps } from './block-list.js';
import { needsOf, saidNeeds, type EditedBlock } from './document.js';
import { sentenceOf } from './sentence.js';

/** Fixed: a node whose size must be measured is mounted even where it is out of sight. */
const WIDTH = 220;
const HEIGHT = 68;

type BlockNode = Node<{ readonly type: string; readonly sentence: string; readonly faults: number }, 'block'>;

/** The same blocks by what they wait for. A line drawn from one to another makes the other wait for it. */
export default memo(function Canvas({
  blocks,
  manifests,
  areTypesRead,
  faults,
  opened,
  edit,
  onOpen,
}: BlocksProps) {
  const scheme = useComputedColorScheme('light');
  const own = useRef<HTMLDivElement>(null);
  // A key in a setting moves nothing: what is the same as before is the same object.
  const ids = useSame(useMemo(() => blocks.map(({ id }) => id), [blocks]));
  const edges = useSame(useMemo(() => edgesOf(blocks), [blocks]));
  const places = useMemo(() => layOut(ids, edges), [ids, edges]);
  const told = useMemo<BlockNode[]>(
    () =>
      blocks.map((block, n) => ({
        id: block.id,
        type: 'block',
        position: places[n]!,
        width: WIDTH,
        height: HEIGHT,
        selected: block.id === opened,
        ariaLabel: `${block.id}, ${block.type}`,
        data: {
          type: manifests.get(block.type)?.title ?? block.type,
          sentence:
            areTypesRead && !manifests.has(block.type)
              ? 'No service has announced this type.'
              : sentenceOf(block, manifests.get(block.type)),
          faults: faultsOf(faults, block.id).length,
        },
      })),
    [blocks, places, manifests, areTypesRead, faults, opened],
  );
  const nodes = useSame(told);
  const connect = ({ source, target }: Connection): void => {
    const at = blocks.findIndex(({ id }) => id === target);
    if (at < 0 || source === target) return;
    if (needsOf(blocks, at).includes(source)) return;
    edit({ kind: 'set', path: ['blocks', at, 'needs'], value: [...saidNeeds(blocks, at), source] });
  };
  return (
    <div className="canvas" role="region" aria-label="Canvas" ref={own}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        colorMode={scheme}
        fitViewOptions={FIT}
        onInit={(flow) => begin(flow, places, own.current!)}
        minZoom={0.1}
        nodesDraggable={false}
        onlyRenderVisibleElements
        deleteKeyCode={null}
        onConnect={connect}
        onNodeClick={(_event, { id }) => onOpen(id)}
        onSelectionChange={({ nodes: [chosen] }) => {
          if (chosen && chosen.id !== opened) onOpen(chosen.id);
        }}
        proOptions={{ hideAttribution: true }}
      >
        <WhileFar of={own} />
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
});

const FIT = { maxZoom: 1, padding: 0.1 };
/** At which a workflow opens that is read from its first block on: all of it would be too small. */
const OPENING_ZOOM = 0.75;
const MARGIN = 16;

/** All of it, if its sentences can be read then. */
function begin(
  flow: ReactFlowInstance<BlockNode>,
  places: readonly { readonly x: number; readonly y: number }[],
  { clientWidth, clientHeight }: HTMLElement,
): void {
  const right = Math.max(0, ...places.map(({ x }) => x + WIDTH));
  const bottom = Math.max(0, ...places.map(({ y }) => y + HEIGHT));
  const room = 1 - 2 * FIT.padding;
  if (Math.min((clientWidth * room) / right, (clientHeight * room) / bottom) >= READABLE_ZOOM)
    void flow.fitView(FIT);
  else {
    const first = places[0]!;
    void flow.setViewport({
      x: clientWidth / 2 - (first.x + WIDTH / 2) * OPENING_ZOOM,
      y: MARGIN - first.y * OPENING_ZOOM,
      zoom: OPENING_ZOOM,
    });
  }
}

/** Below this nobody reads a sentence: hundreds of them are not painted. */
const READABLE_ZOOM = 0.6;

/** Says so on the canvas alone: no node is drawn again for it. */
function WhileFar({ of }: { of: RefObject<HTMLDivElement | null> }) {
  useOnViewportChange({
    onChange: ({ zoom }) => of.current?.toggleAttribute('data-far', zoom < READABLE_ZOOM),
  });
  return null;
}

function useSame<T>(value: T): T {
  const last = useRef(value);
  last.current = replaceEqualDeep(last.current, value);
  return last.current;
}

const BlockCard = memo(function BlockCard({ id, data }: NodeProps<BlockNode>) {
  return (
    <div className="canvas-node">
      <Handle type="target" position={Position.Top} />
      <strong>{id}</strong> <span className="quiet">{data.type}</span>
      <div className="node-text">{data.sentence}</div>
      {data.faults > 0 && <span className="tone-bad node-faults">{data.faults}</span>}
      <Handle type="source" position={Position.Bottom} />
    </div>
  );
});

const NODE_TYPES = { block: BlockCard };

function edgesOf(blocks: readonly EditedBlock[]): Edge[] {
  const known = new Set(blocks.map(({ id }) => id));
  return blocks.flatMap(({ id }, at) =>
    needsOf(blocks, at)
      .filter((need) => known.has(need))
      .map((need) => ({ id: `${need}>${id}`, source: need, target: id, focusable: false })),
  );
}

function layOut(ids: readonly string[], edges: readonly Edge[]): { x: number; y: number }[] {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 32, ranksep: 44 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of ids) graph.setNode(id, { width: WIDTH, height: HEIGHT });
  for (const { source, target } of edges) graph.setEdge(source, target);
  dagre.layout(graph);
  return ids.map((id) => {
    const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
    return { x: x - WIDTH / 2, y: y - HEIGHT / 2 };
  });
}
