import { Button } from '@mantine/core';
import { Failure } from '../frame/failure.js';
import { ToList, type Named } from '../frame/nothing.js';
import { ReadableValue } from '../values/readable-value.js';
import './draft-notices.css';
import type { Clash, Side } from './merge-texts.js';
import { placeText } from './place-text.js';
import type { DraftEditing } from './use-draft.js';

/** What a person must know or decide while they edit: what came in from others, what clashes, what was not saved. */
export function DraftNotices({ draft, what }: { draft: DraftEditing; what: Named }) {
  const { save, merged, left } = draft;
  if (save.kind === 'conflict')
    return <Conflict by={save.theirs.by} clashes={save.clashes} choose={draft.choose} />;
  return (
    <>
      {save.kind === 'new' && (
        <div className="notice calm">
          <span>
            There is nothing at <code>{draft.place}</code> yet: what you type creates it.
          </span>
          <ToList of={what} />
        </div>
      )}
      {merged && (
        <div className="notice calm" role="status">
          <span>
            {merged.by ?? 'Someone'} saved meanwhile.
            {merged.taken.length > 0 &&
              ` It is in the text here, beside what you changed: ${merged.taken.map(placeText).join('; ')}.`}
            {merged.commentsLeft.length > 0 &&
              ` Comments that stand where you changed something are not: ${merged.commentsLeft.join('; ')}. Versions has the save with them.`}
          </span>
          <Button size="compact-xs" variant="default" onClick={draft.hideMerged}>
            Hide
          </Button>
        </div>
      )}
      {left > 0 && (
        <div className="notice calm" role="status">
          <span>
            {left === 1 ? 'A tab that is closed' : `${left} tabs that are closed`} left more that is not
            saved. It can be brought in when what is here is saved.
          </span>
          <Button
            size="compact-xs"
            variant="default"
            disabled={save.kind !== 'saved'}
            onClick={draft.bringIn}
          >
            Bring it in
          </Button>
        </div>
      )}
      {save.kind === 'failed' && <Failure error={save.error} onRetry={() => void draft.saveNow()} />}
    </>
  );
}

function Conflict({
  by = 'Someone',
  clashes,
  choose,
}: {
  by: string | undefined;
  clashes: readonly Clash[];
  choose: DraftEditing['choose'];
}) {
  return (
    <section className="notice clashes" role="alert" aria-label="Changed by both">
      <p>
        {by} saved meanwhile and changed what you changed. Yours is in the text, and stays until you choose.
        All else comes together by itself.
      </p>
      <ol>
        {clashes.map((clash) => (
          <li key={JSON.stringify(clash.path)}>
            <h3>{placeText(clash.path)}</h3>
            <div className="sides">
              <SideOf side="mine" by={by} clash={clash} choose={choose} />
              <SideOf side="theirs" by={by} clash={clash} choose={choose} />
            </div>
          </li>
        ))}
      </ol>
      {clashes.length > 1 && (
        <div className="all">
          <Button size="compact-xs" variant="default" onClick={() => choose(clashes, 'mine')}>
            Keep mine everywhere
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => choose(clashes, 'theirs')}>
            Take theirs everywhere
          </Button>
        </div>
      )}
    </section>
  );
}

function SideOf({
  side,
  by,
  clash,
  choose,
}: {
  side: Side;
  by: string;
  clash: Clash;
  choose: DraftEditing['choose'];
}) {
  const value = clash[side];
  return (
    <div>
      <h4>{side === 'mine' ? 'Yours' : by}</h4>
      <div className="value" tabIndex={0} role="group" aria-label={`${placeText(clash.path)}, ${side}`}>
        {value === undefined ? <span className="quiet">taken away</span> : <ReadableValue value={value} />}
      </div>
      <Button size="compact-xs" variant="default" onClick={() => choose([clash], side)}>
        {side === 'mine' ? 'Keep mine' : 'Take theirs (Undo brings mine back)'}
        <span className="hidden"> of {placeText(clash.path)}</span>
      </Button>
    </div>
  );
}
