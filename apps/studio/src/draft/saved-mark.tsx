import { Button } from '@mantine/core';
import { clockTime } from '../values/time.js';
import type { DraftEditing, SaveState } from './use-draft.js';
import type { ServerDraft } from './draft-source.js';

export function SavedMark({ save }: { save: SaveState }) {
  const words = {
    saved: save.kind === 'saved' && save.at ? `Saved ${clockTime(save.at)}` : 'Saved',
    unsaved: 'Not saved yet',
    saving: 'Saving',
    failed: 'Not saved: retry',
    conflict: 'Not saved: changed meanwhile',
  };
  return (
    <span className={save.kind === 'failed' || save.kind === 'conflict' ? 'tone-bad' : 'quiet'} role="status">
      {words[save.kind]}
    </span>
  );
}

export function Conflict({ theirs, resolve }: { theirs: ServerDraft; resolve: DraftEditing['resolve'] }) {
  return (
    <div className="notice" role="alert">
      <span>
        {theirs.by} saved this draft at {clockTime(new Date(theirs.at))}. Your text is here, and nothing of it
        is lost: whichever you take, the other can be brought back.
      </span>
      <Button size="compact-xs" variant="default" onClick={() => resolve('theirs')}>
        Take theirs (Undo brings mine back)
      </Button>
      <Button size="compact-xs" variant="default" onClick={() => resolve('mine')}>
        Save mine over it
      </Button>
      <details className="theirs">
        <summary>See theirs</summary>
        <pre tabIndex={0}>{theirs.text}</pre>
      </details>
    </div>
  );
}
