import { useQuery } from '@tanstack/react-query';
import { Failure } from '../frame/failure.js';
import { VirtualRows } from '../frame/virtual-rows.js';
import { dateText } from '../values/time.js';
import { courseQuery, type Course } from './queries.js';

interface Unit {
  readonly id: string;
  readonly name: string;
  readonly level: string;
  readonly objective?: string;
  readonly words?: readonly unknown[];
  readonly sentences?: readonly unknown[];
  readonly slots?: readonly unknown[];
}

/** The curriculum of a course, unit by unit. */
export function CourseView({ course: { id, version, rows, head, publishedAt } }: { course: Course }) {
  const course = useQuery(courseQuery(id));
  const units = (course.data?.units ?? []) as unknown as Unit[];
  return (
    <section className="panel" aria-label={`Course data ${id}`}>
      <header>
        <h2>{head.title ?? id}</h2>
        <span className="quiet">
          {head.from.toUpperCase()} &lt; {head.language.toUpperCase()}, version {version}, {rows} units,{' '}
          {dateText(publishedAt)}
        </span>
      </header>
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
