import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Suspense, useMemo } from 'react';
import { lazyPart } from '../api/load-part.js';
import { Failure } from '../frame/failure.js';
import { dateText } from '../values/time.js';
import {
  changesQuery,
  missingQuery,
  rowsQuery,
  watchQuery,
  type SheetSource,
  type SheetWatch,
  type Table,
} from './queries.js';
import { RowsGrid } from './rows-grid.js';
import { NeverSynced, Origin, SheetActions, SyncSaid, useSync } from './spreadsheet.js';

const SheetForm = lazyPart(() => import('./sheet-form.js'));
const WatchForm = lazyPart(() => import('./watch-form.js'));

interface TableViewProps {
  readonly id: string;
  /** Absent: its spreadsheet was never synced. */
  readonly table: Table | undefined;
  readonly sheet: SheetSource | undefined;
}

/** A table as runs read it: where it comes from, what its last version brought, where texts are missing. */
export function TableView({ id, table, sheet }: TableViewProps) {
  const watch = useQuery({ ...watchQuery(id), enabled: sheet !== undefined });
  const sync = useSync(id);
  const columns = table?.head.columns ?? [];
  return (
    <>
      <section className="panel" aria-label={`Table ${id}`}>
        <header>
          <h2>{id}</h2>
          {table && (
            <span className="quiet">
              version {table.version}, {table.rows.toLocaleString()} rows, {dateText(table.publishedAt)}
            </span>
          )}
          {sheet && <SheetActions sheet={sheet} sync={sync} />}
        </header>
        <SyncSaid sync={sync} />
        {sheet && <Origin sheet={sheet} />}
        {table && <Changes table={table} watchKey={watch.data?.key} isReady={!sheet || watch.isFetched} />}
        {sheet && (
          <Suspense fallback={<div className="skeleton" />}>
            <details className="step">
              <summary>Mapping</summary>
              <div className="inside">
                <SheetForm sheet={sheet} columns={columns} />
              </div>
            </details>
            <details className="step">
              <summary>Watch{watch.data && <WatchState watch={watch.data} />}</summary>
              <div className="inside">
                {watch.error && <Failure error={watch.error} onRetry={() => void watch.refetch()} />}
                {watch.data !== undefined && (
                  <WatchForm key={String(watch.data?.setAt)} id={id} watch={watch.data} columns={columns} />
                )}
              </div>
            </details>
          </Suspense>
        )}
      </section>
      {table ? <Rows table={table} /> : <NeverSynced />}
    </>
  );
}

function WatchState({ watch: { workflow, everyMinutes, paused, error, refused } }: { watch: SheetWatch }) {
  if (paused) return <span className="quiet"> paused</span>;
  if (error !== null) return <span className="tone-bad"> failed</span>;
  if (refused.count > 0)
    return (
      <span className="tone-bad"> {refused.count === 1 ? '1 row' : `${refused.count} rows`} refused</span>
    );
  return (
    <span className="quiet">
      {' '}
      {workflow}, every {everyMinutes} min
    </span>
  );
}

function Changes({
  table,
  watchKey,
  isReady,
}: {
  table: Table;
  watchKey: string | undefined;
  isReady: boolean;
}) {
  const changes = useQuery({ ...changesQuery(table, watchKey), enabled: isReady });
  if (changes.error) return <Failure error={changes.error} onRetry={() => void changes.refetch()} />;
  if (!changes.data) return null;
  const { before, added, changed, removed, rows, version } = changes.data;
  if (before === null) return <p className="said quiet">Version {version} is the first one.</p>;
  const all = added + changed + removed;
  return (
    <details className="step">
      <summary>
        Changes of version {version}{' '}
        <span className="quiet">
          {added} added, {changed} changed, {removed} removed
        </span>
      </summary>
      <div className="inside">
        <ul className="synced-changes">
          {rows.map(({ change, id, ordinal, columns = [] }) => (
            <li key={`${change}/${ordinal}`}>
              <span className={`change ${change}`}>{change}</span>{' '}
              {watchKey === undefined ? `row ${ordinal}` : id}
              {columns.length > 0 && <span className="quiet"> {columns.join(', ')}</span>}
            </li>
          ))}
        </ul>
        {all > rows.length && <p className="quiet">and {(all - rows.length).toLocaleString()} more</p>}
        {all === 0 && <p className="quiet">Its columns changed, or rows moved.</p>}
      </div>
    </details>
  );
}

function Rows({ table }: { table: Table }) {
  const query = useInfiniteQuery(rowsQuery(table));
  const missing = useQuery(missingQuery(table));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.rows) ?? [], [query.data]);
  const gaps = useMemo(
    () => new Set(missing.data?.cells.map(({ row, column }) => `${row}/${column}`)),
    [missing.data],
  );
  const more = (): void => {
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
  };
  const { count = 0, cells = [] } = missing.data ?? {};
  return (
    <section className="panel" aria-label="Rows">
      {query.error && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      {missing.error && <Failure error={missing.error} onRetry={() => void missing.refetch()} />}
      {count > 0 && (
        <details className="step gaps">
          <summary>
            <span className="tone-loss">
              {count === 1 ? '1 text is missing' : `${count.toLocaleString()} texts are missing`}
            </span>
          </summary>
          <ul className="inside">
            {[...Map.groupBy(cells, ({ row }) => row)].map(([row, ofRow]) => (
              <li key={row}>
                Row {row}: {ofRow.map(({ column }) => column).join(', ')}
              </li>
            ))}
            {count > cells.length && <li>and {(count - cells.length).toLocaleString()} more</li>}
          </ul>
        </details>
      )}
      {query.isPending && <div className="skeleton" />}
      {rows.length > 0 && (
        <RowsGrid
          columns={table.head.columns}
          rows={rows}
          gaps={gaps}
          hasMore={query.hasNextPage}
          onEnd={more}
        />
      )}
    </section>
  );
}
