import { memo, useCallback, useId, useMemo } from 'react';
import type { BlockManifest, WorkflowDraft } from '../api/client.js';
import { SignButton } from '../frame/sign-button.js';
import { faultsOf, type FaultsByBlock } from './block-faults.js';
import type { Edit, EditedBlock } from './document.js';
import { InlineField } from './inline-field.js';
import { placeInside, placeOfBlock } from './kept-fields.js';
import { useReferences } from './references.js';
import { controlOf, fieldsOf, referenceKind } from './schema-fields.js';
import { sentenceParts } from './sentence.js';
import { useMoves } from './use-moves.js';

export interface BlocksProps {
  readonly workflow: string;
  readonly blocks: readonly EditedBlock[];
  readonly manifests: ReadonlyMap<string, BlockManifest>;
  /** Of a type that is not among the manifests it is known that nobody announced it. */
  readonly areTypesRead: boolean;
  readonly faults: FaultsByBlock;
  readonly opened: string | undefined;
  readonly edit: (edit: Edit) => void;
  readonly onOpen: (block: string) => void;
}

/** Blocks one below the other, as they are told; what a card says is edited in it. */
export function BlockList({
  workflow,
  blocks,
  manifests,
  areTypesRead,
  faults,
  opened,
  edit,
  onOpen,
}: BlocksProps) {
  const prefix = useId();
  const kinds = useMemo(() => referenceKinds(manifests), [manifests]);
  const optionsOf = useCallback((kind: string) => `${prefix}${kind}`, [prefix]);
  const { list, told, dragged, move, handlers } = useMoves(blocks.length, blocks, edit);
  if (blocks.length === 0)
    return (
      <div className="panel">
        <p className="empty">No block yet: the buttons above add one.</p>
      </div>
    );
  return (
    <>
      <ol className="cards" aria-label="Blocks" ref={list} {...handlers}>
        {blocks.map((block, at) => (
          <BlockCard
            key={at}
            workflow={workflow}
            block={block}
            at={at}
            isLast={at === blocks.length - 1}
            manifest={manifests.get(block.type)}
            isUnannounced={areTypesRead && !manifests.has(block.type)}
            faults={faultsOf(faults, block.id)}
            isOpened={block.id === opened}
            isDragged={at === dragged}
            move={move}
            edit={edit}
            onOpen={onOpen}
            optionsOf={optionsOf}
          />
        ))}
      </ol>
      <span className="hidden" role="status">
        {told}
      </span>
      {kinds.map((kind) => (
        <References key={kind} kind={kind} list={optionsOf(kind)} />
      ))}
    </>
  );
}

interface CardProps {
  readonly workflow: string;
  readonly block: EditedBlock;
  readonly at: number;
  readonly isLast: boolean;
  readonly manifest: BlockManifest | undefined;
  readonly isUnannounced: boolean;
  readonly faults: WorkflowDraft['errors'];
  readonly isOpened: boolean;
  readonly isDragged: boolean;
  readonly move: (from: number, to: number) => void;
  readonly edit: (edit: Edit) => void;
  readonly onOpen: (block: string) => void;
  readonly optionsOf: (kind: string) => string;
}

/** Drawn again only when its own block changes: there may be hundreds beside the one that is typed in. */
const BlockCard = memo(function BlockCard(props: CardProps) {
  const { block, at, isLast, manifest, isUnannounced, faults, isOpened, isDragged, move, edit } = props;
  const { workflow, onOpen, optionsOf } = props;
  const { id, type, name } = block;
  const set = (path: readonly string[], value: unknown): void =>
    edit({ kind: 'set', path: ['blocks', at, ...path], value });
  return (
    <li className={isDragged ? 'card dragged' : 'card'} aria-current={isOpened ? 'true' : undefined}>
      <span className="grip" draggable title="Drag to move" aria-hidden="true">
        ⋮⋮
      </span>
      <div className="card-text">
        <div className="card-line">
          <button type="button" className="plain" onClick={() => onOpen(id)}>
            {id}
          </button>
          <span className="quiet">{manifest?.title ?? type}</span>
          <input
            className="inline"
            aria-label={`Name of ${id}`}
            placeholder="Name"
            value={typeof name === 'string' ? name : ''}
            onChange={({ currentTarget }) => set(['name'], currentTarget.value || undefined)}
          />
        </div>
        <div className="card-line">
          {isUnannounced && <span className="tone-bad">No service has announced this type.</span>}
          {sentenceParts(block, manifest).map((part, n) =>
            typeof part === 'string' ? (
              <span key={n} className="quiet">
                {part}
              </span>
            ) : (
              <InlineField
                key={part.path.join('.')}
                field={part}
                block={id}
                fault={faultAt(faults, `blocks.${id}.${part.path.join('.')}`)}
                place={placeInside(placeOfBlock(workflow, id), ...part.path)}
                set={(value) => set(part.path, value)}
                optionsOf={optionsOf}
                onOpen={() => onOpen(id)}
              />
            ),
          )}
        </div>
        <FaultCount count={faults.length} />
      </div>
      <div className="card-actions">
        <SignButton
          label={`Move ${id} up`}
          sign="↑"
          keys="Alt ↑"
          disabled={at === 0}
          onClick={() => move(at, at - 1)}
        />
        <SignButton
          label={`Move ${id} down`}
          sign="↓"
          keys="Alt ↓"
          disabled={isLast}
          onClick={() => move(at, at + 1)}
        />
        <SignButton
          label={`Remove ${id}`}
          sign="×"
          disabled={false}
          onClick={() => edit({ kind: 'remove-block', at })}
        />
      </div>
    </li>
  );
});

/** All there is of a kind, once for every card. */
function References({ kind, list }: { kind: string; list: string }) {
  return (
    <datalist id={list}>
      {useReferences(kind).map((one) => (
        <option key={one} value={one} />
      ))}
    </datalist>
  );
}

function referenceKinds(manifests: ReadonlyMap<string, BlockManifest>): string[] {
  const kinds = [...manifests.values()].flatMap((manifest) =>
    fieldsOf(manifest.with).map(({ schema }) => referenceKind(controlOf(schema))),
  );
  return [...new Set(kinds)].filter((kind) => kind !== undefined);
}

function faultAt(faults: WorkflowDraft['errors'], place: string): string | undefined {
  return faults.find(({ field }) => field === place || field.startsWith(`${place}.`))?.message;
}

function FaultCount({ count }: { count: number }) {
  if (count === 0) return null;
  return <div className="tone-bad">{count === 1 ? '1 problem' : `${count} problems`}</div>;
}
