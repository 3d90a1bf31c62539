import { clockTime } from '../values/time.js';
import { ActingAs } from './acting-as.js';
import { useIsTextUnread } from './not-taken-over.js';
import { OtherEditors } from './other-editors.js';
import './saved-mark.css';
import type { DraftEditing, SaveState } from './use-draft.js';

/** Whether the server has it, under whose name, and who else types here. */
export function SavedMark({
  draft: { save, place, text },
  unread = [],
}: {
  draft: DraftEditing;
  /** Where texts cannot be read yet, once for each: also those out of sight. */
  unread?: readonly string[];
}) {
  const isTextUnread = useIsTextUnread() || unread.length > 0;
  const isBad = save.kind === 'failed' || save.kind === 'conflict';
  return (
    <span className="saved-mark">
      <span className={isBad ? 'tone-bad' : 'quiet'} role="status">
        {save.kind === 'saved' && isTextUnread ? unreadText(unread) : wordsOf(save)}
      </span>
      <ActingAs />
      <OtherEditors place={place} text={text} />
    </span>
  );
}

function unreadText(where: readonly string[]): string {
  const [first, ...others] = where;
  if (first === undefined) return 'Not saved: a text cannot be read yet';
  return others.length === 0
    ? `Not saved: a text cannot be read yet, of ${first}`
    : `Not saved: ${where.length} texts cannot be read yet, of ${[...new Set(where)].join(', ')}`;
}

function wordsOf(save: SaveState): string {
  switch (save.kind) {
    case 'new':
      return 'New, not saved';
    case 'saved':
      return save.at ? `Saved ${clockTime(save.at)}` : 'Saved';
    case 'unsaved':
      return 'Not saved yet';
    case 'saving':
      return 'Saving';
    case 'failed':
      return 'Not saved: retry';
    case 'conflict':
      return 'Not saved: choose below';
  }
}
