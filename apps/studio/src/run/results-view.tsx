import { Button, NativeSelect } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { RunDetail, RunPayload } from '../api/client.js';
import { payloadQuery, resultsQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { MoreButton } from '../frame/more-button.js';
import { StateMark } from '../frame/status-mark.js';
import { PAYLOAD_WORDS } from '../frame/status.js';
import { keyText, sharedSegments } from '../values/payload-key.js';
import { BlockResult } from './block-result.js';
import { exportResults } from './export-results.js';
import { RunLink } from './run-link.js';

const route = getRouteApi('/runs/$id');

/** What came out of a block: its payloads, and of one of them every step that led to it. */
export default function ResultsView({ run }: { run: RunDetail }) {
  const { block, key } = route.useSearch();
  const navigate = route.useNavigate();
  const known = run.blocks.some((one) => one.block === block) ? block : undefined;
  const results = useInfiniteQuery(resultsQuery(run.id, known));
  const payloads = results.data?.pages.flatMap((page) => page.payloads) ?? [];
  const shownBlock = results.data?.pages[0]?.block ?? known ?? run.blocks.at(-1)?.block ?? '';
  const shared = sharedSegments(payloads.map((one) => one.key));
  const listed =
    key === undefined
      ? payloads[0]
      : (payloads.find((one) => one.key === key) ?? payloads.find((one) => one.key.startsWith(`${key}/`)));
  // What the address names may stand on a page that was not read.
  const named = useQuery({
    ...payloadQuery(run.id, known, key ?? ''),
    enabled: key !== undefined && results.data !== undefined && listed === undefined,
  });
  const chosen = listed ?? named.data ?? undefined;
  const file = useMutation({ mutationFn: () => exportResults(run.id, shownBlock) });
  return (
    <>
      <div className="head">
        <NativeSelect
          aria-label="Block"
          value={shownBlock}
          onChange={({ currentTarget }) =>
            void navigate({ search: { view: 'results', block: currentTarget.value } })
          }
          data={run.blocks.map((one) => ({ value: one.block, label: `After ${one.block}` }))}
        />
        {payloads.length > 0 && (
          <Button className="end" variant="default" loading={file.isPending} onClick={() => file.mutate()}>
            Export
          </Button>
        )}
      </div>
      {file.error && <Failure error={file.error} onRetry={() => file.mutate()} />}
      {results.error && <Failure error={results.error} onRetry={() => void results.refetch()} />}
      {results.isPending && <div className="skeleton" />}
      {results.data && payloads.length === 0 && (
        <div className="panel">
          <p className="empty">
            {run.endedAt === null
              ? 'Nothing has come out of this block yet: '
              : 'Nothing has come out of this block: '}
            <RunLink id={run.id} place={{ view: 'blocks', block: shownBlock }} current={false}>
              {run.endedAt === null ? 'how far it is' : 'its tasks tell why'}
            </RunLink>
          </p>
        </div>
      )}
      {payloads.length > 0 && (
        <div className="results">
          <div className="panel">
            <header>
              <h2>Payloads</h2>
            </header>
            <ul className="keys">
              {payloads.map((one) => (
                <li key={one.key}>
                  <RunLink
                    id={run.id}
                    place={{ view: 'results', block: shownBlock, key: one.key }}
                    current={one === chosen}
                  >
                    {keyText(one.key, shared)}
                  </RunLink>
                </li>
              ))}
            </ul>
            <MoreButton of={results} />
          </div>
          {chosen ? (
            <Payload payload={chosen} run={run} block={shownBlock} />
          ) : named.error ? (
            <Failure error={named.error} onRetry={() => void named.refetch()} />
          ) : named.isPending ? (
            <div className="skeleton" />
          ) : (
            <div className="panel">
              <p className="empty">
                Nothing of “{keyText(key ?? '')}” has come out of {shownBlock}: choose another, or see in its{' '}
                <RunLink id={run.id} place={{ view: 'blocks', block: shownBlock }} current={false}>
                  tasks
                </RunLink>{' '}
                what became of it.
              </p>
            </div>
          )}
        </div>
      )}
    </>
  );
}

function Payload({ payload, run, block }: { payload: RunPayload; run: RunDetail; block: string }) {
  const steps = run.blocks.filter((one) => one.block in payload.blockResults);
  return (
    <section className="panel" aria-label="Payload">
      <header>
        <h2>{keyText(payload.key)}</h2>
        <StateMark words={PAYLOAD_WORDS} state={payload.state} />
        <span className="end">
          <RunLink id={run.id} place={{ view: 'lineage', block, key: payload.key }} current={false}>
            Lineage
          </RunLink>
        </span>
      </header>
      {[...steps].reverse().map(({ block: id, type }) => (
        <details key={`${payload.key}/${id}`} className="step" open={id === block}>
          <summary>
            {id} <span className="quiet">{type}</span>
          </summary>
          <div className="inside value">
            <BlockResult run={run.id} block={id} payloadKey={payload.key} value={payload.blockResults[id]} />
          </div>
        </details>
      ))}
    </section>
  );
}
