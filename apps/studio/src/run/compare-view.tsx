import { NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ComparedPayload, RunComparison, RunDetail, RunSummary } from '../api/client.js';
import { comparisonQuery, resultQuery, runQuery, runsQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { MoreButton } from '../frame/more-button.js';
import { RunMark, StateMark } from '../frame/status-mark.js';
import { PAYLOAD_WORDS } from '../frame/status.js';
import { costText } from '../values/cost.js';
import { keyText, sharedSegments } from '../values/payload-key.js';
import { ReadableValue } from '../values/readable-value.js';
import { durationText, whenText } from '../values/time.js';
import { versionOfRun } from '../values/version-of-run.js';
import './compare.css';

const route = getRouteApi('/runs/$id');
/** Of the workflow's runs, to choose from. */
const LATEST = 50;

/** This run beside another of its workflow: what came out of a block of each, under the same keys. */
export default function CompareView({ run }: { run: RunDetail }) {
  const { with: other } = route.useSearch();
  const navigate = route.useNavigate();
  const runs = useInfiniteQuery(runsQuery({ workflow: run.workflow, limit: LATEST, tests: 'with' }));
  const others = (runs.data?.pages[0]?.runs ?? []).filter((one) => one.id !== run.id);
  return (
    <>
      <div className="head">
        <NativeSelect
          label="Compare with"
          value={other ?? ''}
          onChange={({ currentTarget: { value } }) =>
            void navigate({ search: { view: 'compare', ...(value === '' ? {} : { with: value }) } })
          }
          data={[
            { value: '', label: 'Choose a run' },
            // One that the address names may be older than those to choose from.
            ...(other !== undefined && !others.some((one) => one.id === other)
              ? [{ value: other, label: other.slice(0, 8) }]
              : []),
            ...others.map((one) => ({ value: one.id, label: nameOf(one) })),
          ]}
        />
      </div>
      {runs.error && <Failure error={runs.error} onRetry={() => void runs.refetch()} />}
      {other === undefined ? (
        <div className="panel">
          <p className="empty">
            {runs.data && others.length === 0
              ? `${run.workflow} has no other run: rerun this one with a change, and compare.`
              : 'Choose a run to see what came out differently.'}
          </p>
        </div>
      ) : (
        <Comparison run={run} other={other} />
      )}
    </>
  );
}

function Comparison({ run, other }: { run: RunDetail; other: string }) {
  const { block, key } = route.useSearch();
  const navigate = route.useNavigate();
  const second = useQuery(runQuery(other));
  const comparison = useInfiniteQuery(comparisonQuery(run.id, other, block));
  const payloads = comparison.data?.pages.flatMap((page) => page.payloads) ?? [];
  const shown = comparison.data?.pages[0];
  const shared = sharedSegments(payloads.map((one) => one.key));
  const chosen = payloads.find((one) => one.key === key) ?? payloads.find((one) => !one.same) ?? payloads[0];
  const error = comparison.error ?? second.error;
  if (error)
    return (
      <Failure error={error} onRetry={() => void Promise.all([comparison.refetch(), second.refetch()])} />
    );
  if (!shown || !second.data) return <div className="skeleton" />;
  const search = { view: 'compare', with: other } as const;
  return (
    <>
      <section className="panel" aria-label="Both runs">
        <div className="scroll-x">
          <table className="rows">
            <thead>
              <tr>
                <th>Run</th>
                <th>Status</th>
                <th>Began</th>
                <th className="number">Took</th>
                <th className="number">Cost</th>
              </tr>
            </thead>
            <tbody>
              <RunRow run={run} name="This run" spent={shown.spent} />
              <RunRow run={second.data} name="The other" spent={shown.otherSpent} />
            </tbody>
          </table>
        </div>
      </section>
      <div className="head">
        <NativeSelect
          aria-label="Block"
          value={shown.block}
          onChange={({ currentTarget }) =>
            void navigate({ search: { ...search, block: currentTarget.value } })
          }
          data={shown.blocks.map((one) => ({ value: one, label: `After ${one}` }))}
        />
      </div>
      {payloads.length === 0 ? (
        <div className="panel">
          <p className="empty">Nothing has come out of this block, in neither run.</p>
        </div>
      ) : (
        <section className="panel" aria-label="Payloads">
          <div className="scroll-x">
            <table className="rows">
              <thead>
                <tr>
                  <th>Payload</th>
                  <th>This run</th>
                  <th>The other</th>
                  <th>Result</th>
                </tr>
              </thead>
              <tbody>
                {payloads.map((one) => (
                  <tr key={one.key} aria-selected={one === chosen}>
                    <td>
                      <Link
                        to="/runs/$id"
                        params={{ id: run.id }}
                        search={{ ...search, block: shown.block, key: one.key }}
                        aria-current={one === chosen ? 'true' : undefined}
                      >
                        {keyText(one.key, shared)}
                      </Link>
                    </td>
                    <td>
                      <Side state={one.state} score={one.score} />
                    </td>
                    <td>
                      <Side state={one.otherState} score={one.otherScore} />
                    </td>
                    <td>{verdictOf(one)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <MoreButton of={comparison} />
        </section>
      )}
      {chosen && (
        <div className="compared-sides">
          <Result
            run={run.id}
            name="This run"
            block={shown.block}
            of={chosen.key}
            there={chosen.state !== null}
          />
          <Result
            run={other}
            name="The other"
            block={shown.block}
            of={chosen.key}
            there={chosen.otherState !== null}
          />
        </div>
      )}
    </>
  );
}

function RunRow({ run, name, spent }: { run: RunDetail; name: string; spent: RunComparison['spent'] }) {
  const { createdAt, endedAt } = run;
  return (
    <tr>
      <td>
        {name}{' '}
        <span className="quiet">
          {run.workflow}@{versionOfRun(run)} <code>{run.id.slice(0, 8)}</code>
        </span>
      </td>
      <td>
        <RunMark run={run} />
      </td>
      <td>{whenText(createdAt)}</td>
      <td className="number">{endedAt ? durationText(Date.parse(endedAt) - Date.parse(createdAt)) : '-'}</td>
      <td className="number">{costText(spent.cost, spent.unpriced)}</td>
    </tr>
  );
}

function Side({ state, score }: { state: string | null; score: number | null }) {
  if (state === null) return <span className="quiet">-</span>;
  return (
    <>
      <StateMark words={PAYLOAD_WORDS} state={state} /> {score !== null && <span>{score.toFixed(2)}</span>}
    </>
  );
}

function Result(of: { run: string; name: string; block: string; of: string; there: boolean }) {
  const result = useQuery({ ...resultQuery(of.run, of.block, of.of), enabled: of.there });
  return (
    <section className="panel" aria-label={of.name}>
      <header>
        <h2>{of.name}</h2>
      </header>
      <div className="inside value">
        {!of.there && <p className="empty">Nothing came out under this key.</p>}
        {result.error && <Failure error={result.error} onRetry={() => void result.refetch()} />}
        {of.there && result.isPending && <div className="skeleton" />}
        {result.data !== undefined && <ReadableValue value={result.data} />}
      </div>
    </section>
  );
}

function verdictOf({ same, state, otherState }: ComparedPayload): string {
  if (state === null) return 'Only the other';
  if (otherState === null) return 'Only this run';
  return same ? 'Same' : 'Different';
}

const nameOf = (run: RunSummary): string =>
  `@${versionOfRun(run)} ${run.id.slice(0, 8)}, ${whenText(run.createdAt)}`;
