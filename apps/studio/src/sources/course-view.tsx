import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { lazyPart } from '../api/load-part.js';
import { Failure } from '../frame/failure.js';
import { VirtualRows } from '../frame/virtual-rows.js';
import { dateText } from '../values/time.js';
import { courseQuery, type Course, type SheetSource } from './queries.js';
import { NeverSynced, Origin, SheetActions, SyncSaid, useSync } from './spreadsheet.js';

const SheetForm = lazyPart(() => import('./sheet-form.js'));

interface Unit {
  readonly id: string;
  readonly name: string;
  readonly level: string;
  readonly objective?: string;
  readonly words?: readonly unknown[];
  readonly sentences?: readonly unknown[];
  readonly slots?: readonly unknown[];
}

interface CourseViewProps {
  readonly id: string;
  /** Absent: its spreadsheet was never synced. */
  readonly course: Course | undefined;
  readonly sheet: SheetSource | undefined;
}

/** The curriculum of a course, unit by unit, and where it comes from. */
export function CourseView({ id, course, sheet }: CourseViewProps) {
  const sync = useSync(id);
  const { title, from, language } = course?.head ?? sheet?.course ?? {};
  return (
    <>
      <section className="panel" aria-label={`Course data ${id}`}>
        <header>
          <h2>{title ?? id}</h2>
          <span className="quiet">
            {from?.toUpperCase()} &lt; {language?.toUpperCase()}
            {course && `, version ${course.version}, ${course.rows} units, ${dateText(course.publishedAt)}`}
          </span>
          {sheet && <SheetActions sheet={sheet} sync={sync} />}
        </header>
        {sheet && (
          <>
            <SyncSaid sync={sync} />
            <Origin sheet={sheet} />
            <Suspense fallback={<div className="skeleton" />}>
              <details className="step">
                <summary>Mapping</summary>
                <div className="inside">
                  <SheetForm sheet={sheet} />
                </div>
              </details>
            </Suspense>
          </>
        )}
      </section>
      {course ? <Units id={id} /> : <NeverSynced />}
    </>
  );
}

function Units({ id }: { id: string }) {
  const course = useQuery(courseQuery(id));
  const units = (course.data?.units ?? []) as unknown as Unit[];
  return (
    <section className="panel" aria-label="Curriculum">
      {course.error && <Failure error={course.error} onRetry={() => void course.refetch()} />}
      {course.isPending && <div className="skeleton" />}
      {units.length > 0 && (
        <div className="grid" tabIndex={0} role="region" aria-label="Units">
          <table className="rows" aria-rowcount={units.length + 1}>
            <thead>
              <tr aria-rowindex={1}>
                <th>Unit</th>
                <th>Level</th>
                <th>Objective</th>
                <th className="number">Words</th>
                <th className="number">Sentences</th>
                <th className="number">Slots</th>
              </tr>
            </thead>
            <VirtualRows
              items={units}
              columns={6}
              keyOf={(unit) => unit.id}
              cells={({ id: unit, name, level, objective, words = [], sentences = [], slots = [] }) => (
                <>
                  <td>
                    {name} <code className="quiet">{unit}</code>
                  </td>
                  <td>{level}</td>
                  <td className="objective">{objective ?? '-'}</td>
                  <td className="number">{words.length}</td>
                  <td className="number">{sentences.length}</td>
                  <td className="number">{slots.length}</td>
                </>
              )}
            />
          </table>
        </div>
      )}
    </section>
  );
}
