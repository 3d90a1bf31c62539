import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { answer, ApiProblem } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';
import { dateText } from '../values/time.js';
import type { SheetSource } from './queries.js';

/** Of a long sheet it is enough to know where to begin. */
const FAULTS_SHOWN = 10;

export function useSync(id: string) {
  return useMutation({
    mutationFn: () => answer(api.POST('/api/sources/{id}/sync', { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['sources'] }),
  });
}

type Sync = ReturnType<typeof useSync>;

/** What can be done with the spreadsheet that a source comes from. */
export function SheetActions({ sheet, sync }: { sheet: SheetSource; sync: Sync }) {
  return (
    <span className="end source-actions">
      <Button loading={sync.isPending} onClick={() => sync.mutate()}>
        Sync now
      </Button>
      <Button
        component="a"
        variant="default"
        href={`https://docs.google.com/spreadsheets/d/${encodeURIComponent(sheet.range.spreadsheet)}/edit`}
        target="_blank"
        rel="noreferrer"
      >
        Open in Google Sheets
      </Button>
    </span>
  );
}

/** How the last sync went. */
export function SyncSaid({ sync: { error, data } }: { sync: Sync }) {
  // There is no field to mark: what is wrong lies in the sheet.
  if (error instanceof ApiProblem && error.errors.length > 0)
    return (
      <div className="notice" role="alert">
        <span>
          <strong>{error.title}.</strong>
          <Faults faults={error.errors} />
        </span>
      </div>
    );
  if (error) return <Failure error={error} />;
  if (!data) return null;
  return (
    <p className="said" role="status">
      {data.created ? `Version ${data.version} is new` : 'Nothing changed'}
      {data.runs !== undefined && `, ${data.runs} runs asked for`}.
    </p>
  );
}

export function Faults({ faults }: { faults: ApiProblem['errors'] }) {
  return (
    <ul>
      {faults.slice(0, FAULTS_SHOWN).map(({ field, message }) => (
        <li key={`${field}/${message}`}>
          {field}: {message}
        </li>
      ))}
    </ul>
  );
}

export function NeverSynced() {
  return (
    <div className="panel">
      <p className="empty">It was never read: press “Sync now”.</p>
    </div>
  );
}

export function Origin({ sheet: { range, syncedAt, setBy } }: { sheet: SheetSource }) {
  const { spreadsheet, tab, columns = 'all', headerRow } = range;
  return (
    <dl className="facts inside">
      <div>
        <dt>Spreadsheet</dt>
        <dd>
          <code>{spreadsheet}</code>
        </dd>
      </div>
      <div>
        <dt>Tab</dt>
        <dd>{tab}</dd>
      </div>
      <div>
        <dt>Columns</dt>
        <dd>{columns}</dd>
      </div>
      <div>
        <dt>Header row</dt>
        <dd>{headerRow}</dd>
      </div>
      <div>
        <dt>Last sync</dt>
        <dd>{syncedAt === null ? 'never' : dateText(syncedAt)}</dd>
      </div>
      <div>
        <dt>Set by</dt>
        <dd>{setBy}</dd>
      </div>
    </dl>
  );
}
