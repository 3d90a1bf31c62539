import './runs-grid.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import type { RunBlock, WorkflowRun } from '../api/client.js';
import { runsOfWorkflowQuery } from '../api/queries.js';
import { AsOf, Failure } from '../frame/failure.js';
import { StatusIcon } from '../frame/status-mark.js';
import { runWord } from '../frame/status.js';
import { POLL_MS } from '../live/live-runs.js';
import { countsText, wordOfBlock } from '../run/block-counts.js';
import { durationText, whenText } from '../values/time.js';

/** The last runs of a workflow, a column each and the newest right, by its blocks: where it failed, and since when. */
export default function RunsGrid({ workflow }: { workflow: string }) {
  const query = useQuery({
    ...runsOfWorkflowQuery(workflow),
    refetchInterval: ({ state }) => (state.data?.some(({ endedAt }) => endedAt === null) ? POLL_MS : false),
  });
  if (query.error && !query.data) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <div className="skeleton" />;
  const runs = query.data.toReversed();
  if (runs.length === 0)
    return (
      <div className="panel">
        <p className="empty">
          Nothing ran yet.{' '}
          <Link to="/workflows/$id/start" params={{ id: workflow }} search={{ version: 'draft' }}>
            Start it
          </Link>
        </p>
      </div>
    );
  const longest = Math.max(1, ...runs.map(lengthOf));
  return (
    <section className="panel" aria-label="Last runs by block">
      <header>
        <h2>{runs.length === 1 ? 'The last run' : `The last ${runs.length} runs`}</h2>
        <span className="quiet">newest right; arrows go from cell to cell</span>
        <AsOf updatedAt={query.dataUpdatedAt} error={query.failureReason} />
        <Link className="end" to="/runs" search={{ workflow }}>
          As a list
        </Link>
      </header>
      <div className="scroll-x" ref={(place) => place?.scrollTo({ left: place.scrollWidth })}>
        <table className="runs-grid" onKeyDown={stepBetweenCells}>
          <thead>
            <tr>
              <th scope="col">Run</th>
              {runs.map((run, n) => (
                <th key={run.id} scope="col">
                  <RunCell run={run} share={lengthOf(run) / longest} isFirst={n === runs.length - 1} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {blocksOf(query.data).map((block) => (
              <tr key={block}>
                <th scope="row">{block}</th>
                {runs.map((run) => {
                  const found = run.blocks.find((one) => one.block === block);
                  return <td key={run.id}>{found && <BlockCell run={run} block={found} />}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function RunCell({ run, share, isFirst }: { run: WorkflowRun; share: number; isFirst: boolean }) {
  const word = runWord(run);
  const said = `Run ${run.id.slice(0, 8)} of ${run.published ? `version ${run.version}` : 'a draft'}, ${whenText(run.createdAt)}: ${word ?? run.status}${run.endedAt ? `, ${durationText(lengthOf(run))}` : ''}`;
  return (
    <Link
      to="/runs/$id"
      params={{ id: run.id }}
      search={{}}
      aria-label={said}
      title={said}
      tabIndex={isFirst ? 0 : -1}
      className="of-run"
    >
      <span className="length" style={{ height: `${Math.max(2, Math.round(32 * share))}px` }} />
      {word && <StatusIcon word={word} />}
    </Link>
  );
}

function BlockCell({ run, block }: { run: WorkflowRun; block: RunBlock }) {
  const word = wordOfBlock(block, run.status);
  const said = `${block.block} in run ${run.id.slice(0, 8)}: ${word}, ${countsText(block)}`;
  return (
    <Link
      to="/runs/$id"
      params={{ id: run.id }}
      search={{ block: block.block }}
      aria-label={said}
      title={said}
      tabIndex={-1}
    >
      <StatusIcon word={word} />
    </Link>
  );
}

/** Those of the newest run in its order, then what only older versions had. */
function blocksOf(runs: readonly WorkflowRun[]): string[] {
  return [...new Set(runs.flatMap(({ blocks }) => blocks.map(({ block }) => block)))];
}

function lengthOf({ createdAt, endedAt }: WorkflowRun): number {
  return (endedAt === null ? Date.now() : Date.parse(endedAt)) - Date.parse(createdAt);
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

/** One stop of the Tab key, whatever the number of cells; where a run lacks a block, the step goes on to the next. */
function stepBetweenCells(event: KeyboardEvent<HTMLTableElement>): void {
  const step = STEPS[event.key];
  const cell = (event.target as HTMLElement).closest<HTMLTableCellElement>('td, th');
  if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey) return;
  const { rows } = event.currentTarget;
  let [row, column] = [(cell.parentElement as HTMLTableRowElement).rowIndex, cell.cellIndex];
  for (;;) {
    row += step[0];
    column += step[1];
    const next = rows[row]?.cells[column];
    if (!next) return;
    const link = next.querySelector('a');
    if (!link) continue;
    event.preventDefault();
    (event.target as HTMLElement).tabIndex = -1;
    link.tabIndex = 0;
    link.focus();
    return;
  }
}
