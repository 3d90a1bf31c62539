import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** A screen of what is not there: said plainly, with ways on. `children`: the nearest of them. */
export function Nothing({ title, why, children }: { title: string; why: ReactNode; children?: ReactNode }) {
  return (
    <>
      <div className="head">
        <h1>{title}</h1>
      </div>
      <div className="panel">
        <p className="empty">{why}</p>
        <p className="empty ways">
          {children}
          <Link to="/">To Home</Link>
        </p>
      </div>
    </>
  );
}

/** Of definitions, each with the screen that lists them. */
const LISTS = {
  prompt: { to: '/prompts', label: 'Prompts' },
  workflow: { to: '/', label: 'Home' },
  evaluator: { to: '/evaluators', label: 'Evaluators' },
  'golden set': { to: '/evaluators', label: 'Evaluators' },
} as const;
export type Named = keyof typeof LISTS;

export function ToList({ of }: { of: Named }) {
  const { to, label } = LISTS[of];
  return <Link to={to}>To {label}</Link>;
}

/** Of an id that nothing can have, or has. */
export function NothingNamed({ what }: { what: Named }) {
  return (
    <Nothing
      title={`There is no such ${what}`}
      why={`No ${what} has this id: the address may be mistyped, or of another server.`}
    >
      {what !== 'workflow' && <ToList of={what} />}
    </Nothing>
  );
}

export function NoVersion({
  of,
  id,
  version,
  children,
}: {
  of: Named;
  id: string;
  version: number;
  children?: ReactNode;
}) {
  return (
    <Nothing title="There is no such version" why={`The ${of} ${id} has no version ${version}.`}>
      {children}
      {of !== 'workflow' && <ToList of={of} />}
    </Nothing>
  );
}
