import { useQueries } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import { Failure } from '../frame/failure.js';
import { coursesQuery, ENVIRONMENTS } from './queries.js';

/** The first course that there is. */
export function Catalogs() {
  const courses = useQueries({ queries: ENVIRONMENTS.map((environment) => coursesQuery(environment)) });
  const failed = courses.find(({ error }) => error !== null);
  if (failed) return <Failure error={failed.error} onRetry={() => void failed.refetch()} />;
  if (courses.some(({ isPending }) => isPending)) return <div className="skeleton" />;
  const at = courses.findIndex(({ data }) => data && data.length > 0);
  const first = courses[at]?.data?.[0];
  if (first)
    return (
      <Navigate
        to="/catalog/$environment/$course"
        params={{ environment: ENVIRONMENTS[at]!, course: first.id }}
        search={{}}
        replace
      />
    );
  return (
    <>
      <div className="head">
        <h1>Catalog</h1>
      </div>
      <div className="panel">
        <p className="empty">
          Nothing is published yet: the last block of the DuoRadio workflow publishes its episodes.{' '}
          <Link to="/">To Home</Link>
        </p>
      </div>
    </>
  );
}
