import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure } from '../frame/failure.js';
import { NewOne } from '../frame/new-one.js';
import { whenText } from '../values/time.js';
import { definitionsQuery, type DefinitionSummary, type Resource } from './definition-queries.js';

/** Prompts, evaluators or golden sets, with a way to begin one more. */
export function DefinitionList({
  resource,
  title,
  level: Heading = 'h2',
  one,
  empty,
  linkTo,
  onNew,
}: {
  resource: Resource;
  title: string;
  level?: 'h1' | 'h2';
  /** What one of them is called. */
  one: string;
  empty: string;
  linkTo: (found: DefinitionSummary, text: ReactNode) => ReactNode;
  onNew: (id: string) => void;
}) {
  const list = useQuery(definitionsQuery(resource));
  return (
    <section className="panel" aria-labelledby={resource}>
      <header>
        <Heading id={resource}>{title}</Heading>
        <NewOne one={one} onNew={onNew} />
      </header>
      {list.error && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {!list.data && !list.error && <div className="skeleton" />}
      {list.data?.length === 0 && <p className="empty">{empty}</p>}
      {list.data && list.data.length > 0 && (
        <div className="scroll-x">
          <table className="rows">
            <thead>
              <tr>
                <th>Name</th>
                <th className="number">Version</th>
                <th>Draft</th>
                <th className="wide-only">Author</th>
                <th className="wide-only">Published</th>
              </tr>
            </thead>
            <tbody>
              {list.data.map((found) => (
                <tr key={found.id}>
                  <td>
                    {linkTo(found, found.name ?? found.id)}
                    {found.name && <code className="quiet wide-only"> {found.id}</code>}
                  </td>
                  <td className="number">{found.latest ?? '-'}</td>
                  <td>{found.draft ? `saved ${whenText(found.draft.at)} by ${found.draft.by}` : '-'}</td>
                  <td className="wide-only">{found.author ?? '-'}</td>
                  <td className="wide-only">{found.publishedAt ? whenText(found.publishedAt) : '-'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
