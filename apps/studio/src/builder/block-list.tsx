import type { BlockManifest, WorkflowDraft } from '../api/client.js';
import { SignButton } from '../frame/sign-button.js';
import type { Edit, EditedBlock } from './document.js';
import { sentenceOf } from './sentence.js';

export interface BlocksProps {
  readonly blocks: readonly EditedBlock[];
  readonly manifests: ReadonlyMap<string, BlockManifest>;
  readonly faults: WorkflowDraft['errors'];
  readonly opened: string | undefined;
  readonly edit: (edit: Edit) => void;
  readonly onOpen: (block: string) => void;
}

/** Blocks one below the other, as they are told. */
export function BlockList({ blocks, manifests, faults, opened, edit, onOpen }: BlocksProps) {
  if (blocks.length === 0)
    return (
      <div className="panel">
        <p className="empty">No block yet: the buttons above add one.</p>
      </div>
    );
  return (
    <ol className="cards" aria-label="Blocks">
      {blocks.map((block, at) => (
        <li key={at} className="card" aria-current={block.id === opened ? 'true' : undefined}>
          <div className="card-text">
            <button type="button" className="plain" onClick={() => onOpen(block.id)}>
              {block.id}
            </button>
            <span className="quiet"> {manifests.get(block.type)?.title ?? block.type}</span>
            {block.name && <div>{block.name}</div>}
            <div className="quiet">{sentenceOf(block, manifests.get(block.type))}</div>
            <FaultCount count={faultsOf(faults, block.id).length} />
          </div>
          <div className="card-actions">
            <SignButton
              label={`Move ${block.id} up`}
              sign="↑"
              disabled={at === 0}
              onClick={() => edit({ kind: 'move-block', from: at, to: at - 1 })}
            />
            <SignButton
              label={`Move ${block.id} down`}
              sign="↓"
              disabled={at === blocks.length - 1}
              onClick={() => edit({ kind: 'move-block', from: at, to: at + 1 })}
            />
            <SignButton
              label={`Remove ${block.id}`}
              sign="×"
              disabled={false}
              onClick={() => edit({ kind: 'remove-block', at })}
            />
          </div>
        </li>
      ))}
    </ol>
  );
}

export function faultsOf(faults: WorkflowDraft['errors'], block: string): WorkflowDraft['errors'] {
  return faults.filter(({ field }) => field === `blocks.${block}` || field.startsWith(`blocks.${block}.`));
}

function FaultCount({ count }: { count: number }) {
  if (count === 0) return null;
  return <div className="tone-bad">{count === 1 ? '1 problem' : `${count} problems`}</div>;
}
