import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { DiffView } from '../definitions/diff-view.js';
import { costText } from '../values/cost.js';
import { keyText } from '../values/payload-key.js';
import { ReadableValue } from '../values/readable-value.js';
import type { PromptComparison } from './impact.js';
import { signed } from './signed.js';

type Pair = PromptComparison['pairs'][number];
type Side = Pair['before'];

const FILTERS = ['all', 'worse', 'same', 'better', 'different'] as const;
type Filter = (typeof FILTERS)[number];
const TONES = { better: 'tone-good', same: 'tone-idle', worse: 'tone-bad' } as const;
const SIGNS = { better: '▲', same: '=', worse: '▼' } as const;

/** Each input with both answers, the worst first. */
export function ComparedPairs({ pairs }: { pairs: readonly Pair[] }) {
  const [filter, setFilter] = useState<Filter>('all');
  const [opened, setOpened] = useState<string>();
  const shown = pairs
    .filter((pair) => isIn(pair, filter))
    .toSorted((a, b) => (a.difference ?? 0) - (b.difference ?? 0));
  return (
    <>
      <div className="tabs" role="group" aria-label="Which inputs">
        {FILTERS.map((one) => (
          <button key={one} type="button" aria-pressed={filter === one} onClick={() => setFilter(one)}>
            {one} ({pairs.filter((pair) => isIn(pair, one)).length})
          </button>
        ))}
      </div>
      {shown.length === 0 && <p className="quiet">No input is {filter}.</p>}
      <ol className="version-list">
        {shown.map((pair) => (
          <li key={pair.task}>
            <div className="pair-head">
              <button
                type="button"
                className="plain"
                aria-expanded={opened === pair.task}
                onClick={() => setOpened(opened === pair.task ? undefined : pair.task)}
              >
                {keyText(pair.key)}
              </button>
              <Verdict pair={pair} />
            </div>
            {opened === pair.task && <PairDetails pair={pair} />}
          </li>
        ))}
      </ol>
    </>
  );
}

function isIn(pair: Pair, filter: Filter): boolean {
  if (filter === 'all') return true;
  return filter === 'different' ? pair.changes.length > 0 : pair.verdict === filter;
}

function Verdict({ pair: { verdict, difference, before, after } }: { pair: Pair }) {
  if (verdict === null) return <span className="quiet">not judged</span>;
  return (
    <span className={`status ${TONES[verdict]}`}>
      <span aria-hidden="true">{SIGNS[verdict]}</span>
      {verdict}
      {difference !== null && (
        <span className="quiet">
          {before.score!.toFixed(2)} to {after.score!.toFixed(2)} ({signed(difference)})
        </span>
      )}
    </span>
  );
}

function PairDetails({ pair }: { pair: Pair }) {
  const { run, block, key, before, after, changes } = pair;
  return (
    <div className="compared-pair">
      {before.value && after.value && (
        <section aria-label="What differs">
          {changes.length === 0 ? (
            <p className="quiet">Both answers are equal.</p>
          ) : (
            <DiffView changes={changes} />
          )}
        </section>
      )}
      <div className="pair-sides">
        <SideView title="Published" side={before} />
        <SideView title="Draft" side={after} />
      </div>
      <Link to="/runs/$id" params={{ id: run }} search={{ view: 'lineage', block, key }}>
        The payload in its run
      </Link>
    </div>
  );
}

function SideView({ title, side }: { title: string; side: Side }) {
  const { value, error, score, reasons, judgeError, cost } = side;
  return (
    <section className="side" aria-label={title}>
      <h4>{title}</h4>
      {value && (
        <div className="value">
          <ReadableValue value={value} />
        </div>
      )}
      {error && <p className="tone-bad">{error.message}</p>}
      <p className="quiet">
        {error?.code === 'invalid-output'
          ? 'does not fit the schema'
          : value
            ? 'fits the schema'
            : 'no answer'}
        {', '}
        {cost === null ? 'price unknown' : costText(cost, 0)}
        {score !== null && `, score ${score.toFixed(2)}`}
      </p>
      {judgeError && <p className="tone-bad">Not judged: {judgeError.message}</p>}
      <ul>
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </section>
  );
}
