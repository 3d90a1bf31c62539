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
import { memo, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { faultsOf } from './block-faults.js';
import type { BlocksProps } from './block-list.js';
import { needsOf, saidNeeds, type EditedBlock } from './document.js';
import {
  fittingZoom,
  layOut,
  NODE,
  OPENING_ZOOM,
  PADDING,
  READABLE_ZOOM,
  type Layout,
  type Line,
  type Size,
} from './lay-out.js';
import { sentenceOf } from './sentence.js';

type BlockNode = Node<{ readonly type: string; readonly sentence: string; readonly faults: number }, 'block'>;

/** The same blocks by what they wait for. A line drawn from one to another makes the other wait for it. */
export default memo(function Canvas(props: BlocksProps) {
  const own = useRef<HTMLDivElement>(null);
  // As it opens: nothing moves when a panel beside it opens.
  const [pane, setPane] = useState<Size>();
  useLayoutEffect(() => {
    const { clientWidth: width, clientHeight: height } = own.current!;
    setPane({ width, height });
  }, []);
  return (
    <div className="canvas" role="region" aria-label="Canvas" ref={own}>
      {props.blocks.length === 0 ? (
        <p className="empty">No block yet: the buttons above add one.</p>
      ) : (
        pane && <Flow {...props} own={own} pane={pane} />
      )}
    </div>
  );
});

function Flow({
  own,
  pane,
  blocks,
  manifests,
  areTypesRead,
  faults,
  opened,
  edit,
  onOpen,
}: BlocksProps & { own: RefObject<HTMLDivElement | null>; pane: Size }) {
  const scheme = useComputedColorScheme('light');
  // A key in a setting moves nothing: what is the same as before is the same object.
  const ids = useSame(useMemo(() => blocks.map(({ id }) => id), [blocks]));
  const lines = useSame(useMemo(() => linesOf(blocks), [blocks]));
  const layout = useMemo(() => layOut(ids, lines, pane), [ids, lines, pane]);
  const edges = useMemo(() => edgesOf(lines, ids, layout), [lines, ids, layout]);
  const told = useMemo<BlockNode[]>(
    () =>
      blocks.map((block, n) => ({
        id: block.id,
        type: 'block',
        position: layout.places[n]!,
        ...NODE,
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
    [blocks, layout, manifests, areTypesRead, faults, opened],
  );
  const nodes = useSame(told);
  const connect = ({ source, target }: Connection): void => {
    const at = blocks.findIndex(({ id }) => id === target);
    if (at < 0 || source === target) return;
    if (needsOf(blocks, at).includes(source)) return;
    edit({ kind: 'set', path: ['blocks', at, 'needs'], value: [...saidNeeds(blocks, at), source] });
  };
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      colorMode={scheme}
      fitViewOptions={FIT}
      onInit={(flow) => begin(flow, layout, pane)}
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
  );
}

const FIT = { maxZoom: 1, padding: PADDING };
const MARGIN = 16;

/** All of it, if its sentences can be read then. */
function begin(flow: ReactFlowInstance<BlockNode>, { size, columns }: Layout, pane: Size): void {
  if (fittingZoom(size, pane) >= READABLE_ZOOM) void flow.fitView(FIT);
  else {
    const isOneColumn = columns.every((column) => column === 0);
    const [first] = flow.getNodes();
    const middle = pane.width / 2 - (first!.position.x + NODE.width / 2) * OPENING_ZOOM;
    void flow.setViewport({ x: isOneColumn ? middle : MARGIN, y: MARGIN, zoom: OPENING_ZOOM });
  }
}

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

function linesOf(blocks: readonly EditedBlock[]): Line[] {
  const known = new Set(blocks.map(({ id }) => id));
  return blocks.flatMap(({ id }, at) =>
    needsOf(blocks, at)
      .filter((need) => known.has(need))
      .map((need) => ({ source: need, target: id })),
  );
}

/** From one column to the next a line goes around corners: a curve would cross what stands between. */
function edgesOf(lines: readonly Line[], ids: readonly string[], { columns }: Layout): Edge[] {
  const columnOf = new Map(ids.map((id, n) => [id, columns[n]]));
  return lines.map(({ source, target }) => ({
    ...{ id: `${source}>${target}`, source, target, focusable: false },
    ...(columnOf.get(source) === columnOf.get(target) ? {} : { type: 'smoothstep' }),
  }));
}
