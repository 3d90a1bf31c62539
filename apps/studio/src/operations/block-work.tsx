import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { TypeWork } from '../api/client.js';
import { blockWorkQuery } from '../api/queries.js';
import { AsOf, Failure } from '../frame/failure.js';
import { StatusMark } from '../frame/status-mark.js';
import { durationText, whenText } from '../values/time.js';

/** By block type: how much of what ended failed, how much waits, and since when. What fails most stands first. */
export function BlockWork() {
  const work = useQuery(blockWorkQuery);
  return (
    <section className="panel" aria-labelledby="block-work">
      <header>
        <h2 id="block-work">Block types and their queues</h2>
        {work.data && <span className="quiet">of runs since {whenText(work.data.since)}</span>}
        <AsOf updatedAt={work.dataUpdatedAt} error={work.failureReason} />
      </header>
      {work.error && <Failure error={work.error} onRetry={() => void work.refetch()} />}
      {work.isPending && <div className="skeleton" />}
      {work.data?.types.length === 0 && (
        <p className="empty">No service has announced a block type: is one running?</p>
      )}
      {work.data && work.data.types.length > 0 && (
        <div className="scroll-x" tabIndex={0} role="region" aria-label="Table of block types">
          <table className="rows">
            <thead>
              <tr>
                <th>Block type</th>
                <th className="number">Failed</th>
                <th className="number">Queue</th>
                <th className="number">Oldest</th>
                <th className="number wide-only">Waiting for room</th>
                <th className="number wide-only">Held back</th>
                <th className="number wide-only">Done</th>
                <th>Last failure</th>
              </tr>
            </thead>
            <tbody>
              {work.data.types.map((one) => (
                <TypeRow key={one.type} work={one} now={work.dataUpdatedAt} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function TypeRow({ work, now }: { work: TypeWork; now: number }) {
  const { type, service, failed, failureRate, requested, ready, held, done, oldestSeen, lastFailure } = work;
  return (
    <tr>
      <td>
        <span className="block-name">
          {type}
          <small>{service || 'no service announces it'}</small>
        </span>
      </td>
      <td className="number">
        {failureRate === null ? (
          <span className="quiet">-</span>
        ) : failed === 0 ? (
          '0'
        ) : (
          <span className="tone-bad">
            {failed.toLocaleString()} ({percent.format(failureRate)})
          </span>
        )}
      </td>
      <td className="number">{requested.toLocaleString()}</td>
      <td className="number">
        {oldestSeen === null ? (
          <span className="quiet">-</span>
        ) : (
          <Link
            to="/runs/$id"
            params={{ id: oldestSeen.run }}
            search={{ block: oldestSeen.block, task: oldestSeen.task }}
            title={`${oldestSeen.workflow}, ${oldestSeen.block}`}
          >
            <span className="hidden">
              Oldest of {oldestSeen.workflow}, {oldestSeen.block}:{' '}
            </span>
            <time dateTime={oldestSeen.requestedAt}>
              {durationText(now - Date.parse(oldestSeen.requestedAt))}
            </time>
          </Link>
        )}
      </td>
      <td className="number wide-only">{ready.toLocaleString()}</td>
      <td className="number wide-only">{held.toLocaleString()}</td>
      <td className="number wide-only">{done.toLocaleString()}</td>
      <td>
        {lastFailure && (
          <span className="last-failure">
            <StatusMark word="Failed" />
            <Link to="/runs/$id" params={{ id: lastFailure.run }} search={{ block: lastFailure.block }}>
              <span className="hidden">Failed </span>
              {lastFailure.workflow}, {lastFailure.block}
            </Link>
          </span>
        )}
      </td>
    </tr>
  );
}

const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
