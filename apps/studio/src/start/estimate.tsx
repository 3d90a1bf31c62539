import './estimate.css';
import { useQuery } from '@tanstack/react-query';
import type { Rehearsal, RunEstimate } from '../api/client.js';
import { rehearsalQuery, type Existing, type InputsList } from '../api/queries.js';
import { ApiProblem } from '../api/problem.js';
import { Failure } from '../frame/failure.js';
import { costRangeText, costText } from '../values/cost.js';
import { durationText } from '../values/time.js';
import { estimateQuery, type BlockToEstimate } from './estimate-query.js';

type Range = NonNullable<Rehearsal['blocks'][number]['tasks']>;

/** What a start comes to before it is one: tasks and cost a block, what is taken over, what budgets leave. */
export function Estimate(of: {
  workflow: string;
  /** Of the version: `shelf`, `shelf@3`, `shelf@draft`. */
  reference: string;
  list: InputsList | undefined;
  existing: Existing;
  blocks: readonly BlockToEstimate[];
}) {
  const { workflow, reference, list, existing, blocks } = of;
  const rehearsal = useQuery({
    ...rehearsalQuery(reference, list ?? { items: [] }, existing),
    enabled: list !== undefined,
    placeholderData: (before) => before,
  });
  const inputs = list && 'items' in list ? (list.items[0] ?? {}) : {};
  const estimate = useQuery({
    ...estimateQuery(workflow, inputs, blocks),
    placeholderData: (before) => before,
  });
  const failed = rehearsal.error && !(rehearsal.error instanceof ApiProblem) ? rehearsal.error : undefined;
  return (
    <section className="panel estimate" aria-label="Estimate">
      <header>
        <h2>Before it starts</h2>
      </header>
      <div className="inside">
        {failed && <Failure error={failed} onRetry={() => void rehearsal.refetch()} />}
        {estimate.error && <Failure error={estimate.error} onRetry={() => void estimate.refetch()} />}
        {rehearsal.error || !rehearsal.data ? (
          <p className="quiet">
            {list && rehearsal.isFetching
              ? 'Rows are checked'
              : 'Once the inputs fit, this says what the start comes to.'}
          </p>
        ) : (
          <Told rehearsal={rehearsal.data} estimate={estimate.data} />
        )}
        {estimate.data && <BudgetsLeft budgets={estimate.data.budgets} />}
      </div>
    </section>
  );
}

function Told({ rehearsal, estimate }: { rehearsal: Rehearsal; estimate: RunEstimate | undefined }) {
  const { rows, blocks, total, pastRuns } = rehearsal;
  const skipped = rows.total - rows.toRun;
  return (
    <>
      <dl className="figures">
        <div>
          <dt>Runs</dt>
          <dd>
            {rows.toRun.toLocaleString()} of {rows.total.toLocaleString()}
          </dd>
        </div>
        {skipped > 0 && (
          <div>
            <dt>Done before</dt>
            <dd>{skipped.toLocaleString()}: $0 (reused)</dd>
          </div>
        )}
        <div>
          <dt>Cost</dt>
          <dd>{total.cost ? costRangeText(total.cost) : pastRuns > 0 ? 'price unknown' : 'no past run'}</dd>
        </div>
        <div>
          <dt>Time of a run</dt>
          <dd>{total.durationMs ? timeRange(total.durationMs) : '-'}</dd>
        </div>
      </dl>
      <p className="quiet">{basisText(pastRuns)}</p>
      <div className="scroll-x">
        <table className="rows">
          <thead>
            <tr>
              <th>Block</th>
              <th className="number">Tasks a run</th>
              <th className="number">Cost a run</th>
            </tr>
          </thead>
          <tbody>
            {blocks.map(({ block, type, tasks, cost, references }) => (
              <tr key={block}>
                <td>
                  <span className="block-name">
                    {block}
                    <small>{type}</small>
                  </span>
                  {references.length > 0 && (
                    <div className="quiet pinned">
                      uses {references.map(({ reference: pinned }) => pinned).join(', ')}
                    </div>
                  )}
                </td>
                <td className="number">{tasks ? countRange(tasks) : '-'}</td>
                <td className="number">{costOf({ tasks, cost }, block, estimate)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function costOf(
  { tasks, cost }: { tasks: Range | null; cost: Range | null },
  block: string,
  estimate: RunEstimate | undefined,
): string {
  if (cost) return costRangeText(cost);
  if (tasks) return 'price unknown';
  const said = estimate?.blocks.find((one) => one.block === block);
  if (!said) return '-';
  return said.cost ? `~${costText(said.cost.mean, 0)} a payload` : 'price unknown';
}

function BudgetsLeft({ budgets }: { budgets: RunEstimate['budgets'] }) {
  if (budgets.length === 0) return <p className="quiet">No budget limits it.</p>;
  return (
    <ul className="plain-list" aria-label="Budgets">
      {budgets.map(({ budget, per, amount, tokens }) => (
        <li key={budget}>
          Budget <code>{budget}</code> (per {per}) has{' '}
          {[
            ...(amount === null ? [] : [costText(amount, 0)]),
            ...(tokens === null ? [] : [`${tokens.toLocaleString()} tokens`]),
          ].join(' and ')}{' '}
          left
        </li>
      ))}
    </ul>
  );
}

const countRange = ({ p50, p90 }: Range): string =>
  p50 === p90 ? p50.toLocaleString() : `${p50.toLocaleString()}..${p90.toLocaleString()}`;
const timeRange = ({ p50, p90 }: Range): string =>
  durationText(p50) === durationText(p90) ? durationText(p50) : `${durationText(p50)}..${durationText(p90)}`;

function basisText(pastRuns: number): string {
  if (pastRuns === 0)
    return 'This workflow has not run yet: what prompts cost is told from their length, for one payload.';
  if (pastRuns === 1) return 'From 1 past run.';
  return `From ${pastRuns} past runs: half of them had at most the first figure, nine of ten at most the second.`;
}
