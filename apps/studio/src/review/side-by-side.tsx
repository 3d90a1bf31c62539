import { Button, Checkbox } from '@mantine/core';
import '@mantine/core/styles/Checkbox.css';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Suspense, useEffect, useRef, useState } from 'react';
import { lazyPart } from '../api/load-part.js';
import { api, type WaitingReview } from '../api/client.js';
import { answer } from '../api/problem.js';
import { reviewQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { keyText } from '../values/payload-key.js';
import { ReadableValue } from '../values/readable-value.js';
import { UNDOABLE_SECONDS } from './review-item.js';
import { speechOf } from './speech.js';
import { useKeys } from '../frame/use-keys.js';

const AudioPlayer = lazyPart(() => import('./audio-player.js'));

type Verdict = 'A' | 'B' | 'same';

/** Two samples of one payload. The better one goes on, the other ends; where they are alike, both go on. */
export function SideBySide(of: {
  samples: readonly WaitingReview[];
  left: WaitingReview;
  right: WaitingReview;
  onCompare: (other: WaitingReview | undefined) => void;
  onDecided: (word: string, tasks: readonly string[]) => void;
}) {
  const { samples, left, right, onCompare, onDecided } = of;
  const [isBlind, setBlind] = useState(false);
  const place = useRef<HTMLElement>(null);
  useEffect(() => place.current?.focus(), []);
  // Blind, the order tells nothing: it hangs on the ids alone.
  const [a, b] = isBlind && left.task > right.task ? [right, left] : [left, right];
  const decide = useMutation({
    mutationFn: async (verdict: Verdict) => {
      const better = verdict === 'B' ? b : a;
      const other = better === a ? b : a;
      const comment = verdict === 'same' ? 'As good as' : 'Better than';
      // One verdict: the server takes both, or neither.
      await answer(
        api.POST('/api/reviews/decisions', {
          body: {
            undoableSeconds: UNDOABLE_SECONDS,
            decisions: [
              { task: better.task, decision: 'approve', comment: `${comment} ${keyText(other.key)}` },
              verdict === 'same'
                ? { task: other.task, decision: 'approve', comment: `As good as ${keyText(better.key)}` }
                : { task: other.task, decision: 'reject', comment: `${keyText(better.key)} is better` },
            ],
          },
        }),
      );
    },
    onSuccess: (_, verdict) =>
      onDecided(verdict === 'same' ? 'Both accepted' : `${verdict} accepted, the other rejected`, [
        a.task,
        b.task,
      ]),
  });
  const say = (verdict: Verdict): void => {
    if (!decide.isPending) decide.mutate(verdict);
  };
  const next = samples[(samples.indexOf(right) + 1) % samples.length]!;
  const back = (): void => onCompare(undefined);
  const toggleBlind = (): void => setBlind(!isBlind);
  useKeys({
    ...{ '1': () => say('A'), '2': () => say('B'), '3': () => say('same') },
    ...{ h: toggleBlind, n: () => onCompare(next), Escape: back, b: back },
  });
  return (
    <section className="panel" aria-label="Side by side" tabIndex={-1} ref={place}>
      <header>
        <h2>Side by side</h2>
        <Checkbox label="Blind" checked={isBlind} onChange={toggleBlind} />
        {samples.length > 1 && (
          <Button size="compact-xs" variant="default" onClick={() => onCompare(next)}>
            Next sample
          </Button>
        )}
        <span className="end">
          <Button size="compact-xs" variant="default" onClick={back}>
            Back to one
          </Button>
        </span>
      </header>
      <div className="inside review pair">
        <Sample name="A" review={a} isBlind={isBlind} />
        <Sample name="B" review={b} isBlind={isBlind} />
      </div>
      <footer className="inside decide">
        {decide.error && <Failure error={decide.error} />}
        <div className="buttons">
          <Button loading={decide.isPending} onClick={() => say('A')}>
            A is better
          </Button>
          <Button loading={decide.isPending} onClick={() => say('B')}>
            B is better
          </Button>
          <Button variant="default" loading={decide.isPending} onClick={() => say('same')}>
            Same
          </Button>
          <span className="quiet wide-only">
            Keys: 1 takes A, 2 takes B, 3 takes both, H blinds, {samples.length > 1 && 'N shows the next, '}
            Esc goes back
          </span>
        </div>
      </footer>
    </section>
  );
}

function Sample({ name, review, isBlind }: { name: string; review: WaitingReview; isBlind: boolean }) {
  const opened = useQuery(reviewQuery(review.task));
  const { payload = {}, edits = null } = opened.data ?? {};
  const { key } = review;
  const shown = edits ?? Object.keys(payload).at(-1) ?? '';
  const speech = speechOf(payload[shown]);
  const judged = Object.entries(payload).filter(([block, value]) => block !== shown && isJudged(value));
  return (
    <article className="value content" aria-label={`Sample ${name}`}>
      <h3>
        {name} {!isBlind && <small className="quiet">{keyText(key)}</small>}
      </h3>
      {opened.error && <Failure error={opened.error} onRetry={() => void opened.refetch()} />}
      {opened.isPending ? (
        <div className="skeleton" />
      ) : speech ? (
        <Suspense fallback={<div className="skeleton" />}>
          <AudioPlayer speech={speech} keys={name === 'A'} />
        </Suspense>
      ) : (
        <ReadableValue value={payload[shown]} />
      )}
      {!isBlind &&
        judged.map(([block, value]) => (
          <details key={block} open>
            <summary>{block}</summary>
            <ReadableValue value={value} />
          </details>
        ))}
    </article>
  );
}

const isJudged = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'score' in value && 'verdict' in value;
