import '../frame/grid.css';
import './sources.css';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Suspense, useState } from 'react';
import { lazyPart } from '../api/load-part.js';
import { AsOf, Failure } from '../frame/failure.js';
import type { Uploaded } from './add-file.js';
import { CourseView } from './course-view.js';
import {
  coursesQuery,
  sheetsQuery,
  tablesQuery,
  type Course,
  type SheetSource,
  type Table,
  type TableNotes,
} from './queries.js';
import { TableView } from './table-view.js';

const route = getRouteApi('/sources');
const AddFile = lazyPart(() => import('./add-file.js'));
const SheetForm = lazyPart(() => import('./sheet-form.js'));

/** What runs read: tables and curricula, shipped, sent as a file, or of a spreadsheet. */
export function Sources() {
  const { table, course, add } = route.useSearch();
  const navigate = route.useNavigate();
  const tables = useQuery(tablesQuery);
  const sheets = useQuery(sheetsQuery);
  const courses = useQuery(coursesQuery);
  const [uploaded, setUploaded] = useState<Uploaded>();
  const all = [tables, sheets, courses];
  const failed = all.find(({ error }) => error !== null);
  const isKnown = all.every(({ data }) => data !== undefined);
  /** A spreadsheet that was never synced has no table yet. */
  const ofTables = sheets.data?.filter((sheet) => sheet.course === null) ?? [];
  const ofCourses = sheets.data?.filter((sheet) => sheet.course !== null) ?? [];
  const ids = idsOf(tables.data, ofTables);
  const courseIds = idsOf(courses.data, ofCourses);
  const isEmpty = isKnown && ids.length === 0 && courseIds.length === 0;
  const chosen = add !== undefined || course !== undefined ? undefined : (table ?? ids[0]);
  return (
    <>
      <div className="head">
        <h1>Sources</h1>
        <AsOf updatedAt={tables.dataUpdatedAt} error={tables.failureReason} />
        <span className="end">
          <Button variant="default" onClick={() => void navigate({ search: { add: 'file' } })}>
            Upload a file
          </Button>
          <Button variant="default" onClick={() => void navigate({ search: { add: 'sheet' } })}>
            Connect a Google Sheet
          </Button>
        </span>
      </div>
      {failed && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      {!isKnown && !failed && <div className="skeleton" />}
      {isKnown && (
        <div className="results sources">
          <Contents ids={ids} sheets={sheets.data ?? []} courseIds={courseIds} chosen={chosen ?? course} />
          <div className="source">
            <Suspense fallback={<div className="skeleton" />}>
              {add === 'file' && <AddFile onUploaded={setUploaded} />}
              {add === 'sheet' && <SheetForm />}
            </Suspense>
            {uploaded?.notes && uploaded.id === (uploaded.kind === 'table' ? chosen : course) && (
              <UploadNotes notes={uploaded.notes} />
            )}
            {isEmpty && add === undefined && (
              <div className="panel">
                <p className="empty">
                  Nothing is here yet: upload a file, connect a Google Sheet, or open the DuoRadio sample on{' '}
                  <Link to="/">Home</Link>.
                </p>
              </div>
            )}
            {course !== undefined && (
              <Opened
                key={course}
                id={course}
                course={courses.data?.find(({ id }) => id === course)}
                sheet={ofCourses.find(({ id }) => id === course)}
              />
            )}
            {chosen !== undefined && (
              <ChosenTable
                key={chosen}
                id={chosen}
                table={tables.data?.find(({ id }) => id === chosen)}
                sheet={ofTables.find(({ id }) => id === chosen)}
              />
            )}
          </div>
        </div>
      )}
    </>
  );
}

function idsOf(...lists: (readonly { readonly id: string }[] | undefined)[]): string[] {
  return [...new Set(lists.flatMap((list = []) => list.map(({ id }) => id)))].sort();
}

function Contents(of: {
  ids: readonly string[];
  sheets: readonly SheetSource[];
  courseIds: readonly string[];
  chosen: string | undefined;
}) {
  const { ids, sheets, courseIds, chosen } = of;
  const fromSheets = new Set(sheets.map(({ id }) => id));
  return (
    <nav className="panel" aria-label="Sources">
      <h2 className="kind">Tables</h2>
      <ul className="keys">
        {ids.map((id) => (
          <li key={id}>
            <Link
              to="/sources"
              search={{ table: id }}
              activeProps={{}}
              aria-current={id === chosen ? 'page' : undefined}
            >
              {id} {fromSheets.has(id) && <small className="quiet">Google Sheets</small>}
            </Link>
          </li>
        ))}
      </ul>
      <h2 className="kind">Course data</h2>
      <ul className="keys">
        {courseIds.map((id) => (
          <li key={id}>
            <Link
              to="/sources"
              search={{ course: id }}
              activeProps={{}}
              aria-current={id === chosen ? 'page' : undefined}
            >
              {id} {fromSheets.has(id) && <small className="quiet">Google Sheets</small>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What whoever sent a file should know of how it was read. */
function UploadNotes({ notes: { count, notes } }: { notes: TableNotes }) {
  return (
    <section className="panel" aria-label="How the file was read">
      <header>
        <h2>How the file was read</h2>
      </header>
      <ul className="notes">
        {notes.map(({ place, message }) => (
          <li key={place}>
            {place}: {message}
          </li>
        ))}
        {count > notes.length && <li>and {(count - notes.length).toLocaleString()} more</li>}
      </ul>
    </section>
  );
}

function Opened(of: { id: string; course: Course | undefined; sheet: SheetSource | undefined }) {
  const { id, course, sheet } = of;
  if (course ?? sheet) return <CourseView id={id} course={course} sheet={sheet} />;
  return (
    <div className="panel">
      <p className="empty">There is no course data “{id}”: choose another, or upload it.</p>
    </div>
  );
}

function ChosenTable(of: { id: string; table: Table | undefined; sheet: SheetSource | undefined }) {
  const { id, table, sheet } = of;
  if (table ?? sheet) return <TableView id={id} table={table} sheet={sheet} />;
  return (
    <div className="panel">
      <p className="empty">There is no table “{id}”: choose another, or upload it.</p>
    </div>
  );
}
