import './lineage.css';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import type { PayloadLineage, RunDetail } from '../api/client.js';
import { lineageQuery, resultsQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { StateMark } from '../frame/status-mark.js';
import { FATE_WORDS, TASK_WORDS } from '../frame/status.js';
import { keyText, sharedSegments } from '../values/payload-key.js';
import { FateColumn } from './fate-column.js';
import { RerunButton } from './rerun-button.js';
import { RunLink } from './run-link.js';
import { StepColumn } from './step-column.js';

const route = getRouteApi('/runs/$id');

/** The way of one payload, a column a block, and what became of it at the end. */
export default function LineageView({ run }: { run: RunDetail }) {
  const { block, key } = route.useSearch();
  const known = run.blocks.some((one) => one.block === block) ? block : undefined;
  if (known === undefined) return <Choose run={run} block={undefined} />;
  return <LineageOf run={run} block={known} chosen={key} />;
}

function Choose({ run, block }: { run: RunDetail; block: string | undefined }) {
  return (
    <div className="panel">
      <p className="empty">
        Choose a payload: {block !== undefined && `one of ${block} below, or `}a task of a block in Blocks, or
        a payload in Results, leads to its lineage.
      </p>
      {block !== undefined && <Payloads run={run.id} block={block} />}
    </div>
  );
}

/** The first that came out of a block; Results has them all. */
function Payloads({ run, block }: { run: string; block: string }) {
  const results = useInfiniteQuery(resultsQuery(run, block));
  if (results.error) return <Failure error={results.error} onRetry={() => void results.refetch()} />;
  const keys = results.data?.pages[0]?.payloads.map(({ key }) => key) ?? [];
  const shared = sharedSegments(keys);
  return (
    <ul className="keys" aria-label={`Payloads of ${block}`}>
      {keys.map((key) => (
        <li key={key}>
          <RunLink id={run} place={{ view: 'lineage', block, key }} current={false}>
            {keyText(key, shared)}
          </RunLink>
        </li>
      ))}
    </ul>
  );
}

/** Nothing chosen: the payload without a key, if the block makes one. */
function LineageOf({ run, block, chosen }: { run: RunDetail; block: string; chosen: string | undefined }) {
  const at = chosen ?? '';
  const lineage = useQuery(lineageQuery(run.id, block, at));
  if (lineage.error && !lineage.data)
    return <Failure error={lineage.error} onRetry={() => void lineage.refetch()} />;
  if (!lineage.data) return <div className="skeleton" />;
  const { way, became, exists } = lineage.data;
  if (!exists && chosen === undefined) return <Choose run={run} block={block} />;
  return (
    <>
      <div className="head lineage-head">
        <h2>
          {keyText(at)} <span className="quiet">after {block}</span>
        </h2>
        <RunLink id={run.id} place={{ view: 'results', block, key: at }} current={false}>
          Results
        </RunLink>
        <RerunButton run={run} label="Rerun from here…" block={block} payloadKey={at} small />
      </div>
      {became.length > 0 && (
        <ul className="became" aria-label="What became of it">
          {became.map((fate) => (
            <li key={fate.block}>
              {fate.block} <StateMark words={FATE_WORDS} state={fate.what} />
            </li>
          ))}
        </ul>
      )}
      <Samples run={run.id} lineage={lineage.data} />
      <div className="lineage" role="group" aria-label="Lineage" onKeyDown={stepBetweenColumns}>
        {way.map((step, i) => (
          <StepColumn key={`${step.block} ${step.key}`} run={run} step={step} isFirst={i === 0} />
        ))}
        {became.map((fate) => (
          <FateColumn key={fate.block} run={run.id} fate={fate} at={at} isFirst={way.length === 0} />
        ))}
        {became.length === 0 && <EndColumn isFirst={way.length === 0} />}
      </div>
    </>
  );
}

function Samples({ run, lineage: { samples, key } }: { run: string; lineage: PayloadLineage }) {
  if (samples.length < 2) return null;
  return (
    <nav className="tabs samples" aria-label="Samples">
      {samples.map((one) => (
        <RunLink
          key={one.key}
          id={run}
          place={{ view: 'lineage', block: one.block, key: one.key }}
          current={one.key === key || key.startsWith(`${one.key}/`)}
        >
          Sample {one.sample} <StateMark words={TASK_WORDS} state={one.status} />
        </RunLink>
      ))}
    </nav>
  );
}

function EndColumn({ isFirst }: { isFirst: boolean }) {
  return (
    <section className="column fate" aria-label="End" tabIndex={isFirst ? 0 : -1}>
      <header>
        <h3>End</h3>
      </header>
      <p className="inside quiet">No block follows: this is a result of the run.</p>
    </section>
  );
}

/** Left and Right go from column to column. */
function stepBetweenColumns(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const column = (event.target as HTMLElement).closest<HTMLElement>('.column');
  if (step === undefined || !column || event.altKey || event.ctrlKey || event.metaKey) return;
  const columns = [...event.currentTarget.querySelectorAll<HTMLElement>('.column')];
  const next = columns[columns.indexOf(column) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}
