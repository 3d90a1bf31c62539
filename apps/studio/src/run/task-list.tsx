import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { tasksQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { StateMark } from '../frame/status-mark.js';
import { TASK_WORDS } from '../frame/status.js';
import { keyText, sharedSegments } from '../values/payload-key.js';

/** More rows than that are found by their name. */
const MOST_ROWS = 200;

export function TaskList({ run, block }: { run: string; block: string }) {
  const tasks = useQuery(tasksQuery(run, block));
  const [name, setName] = useState('');
  if (tasks.error && !tasks.data) return <Failure error={tasks.error} onRetry={() => void tasks.refetch()} />;
  if (!tasks.data) return <div className="skeleton" />;
  const found = tasks.data.tasks.filter(({ key, status }) =>
    `${keyText(key)} ${status}`.includes(name.trim()),
  );
  const shared = sharedSegments(tasks.data.tasks.map(({ key }) => key));
  return (
    <div className="inside">
      {tasks.data.tasks.length === 0 && <p className="empty">No payload has come to this block yet.</p>}
      {tasks.data.tasks.length > 8 && (
        <TextInput
          aria-label="Find a task"
          placeholder="Find by key or status"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          mb={8}
        />
      )}
      {found.length > 0 && (
        <div className="scroll-x">
          <table className="rows">
            <thead>
              <tr>
                <th>Key</th>
                <th>Status</th>
                <th className="number">Attempts</th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, MOST_ROWS).map(({ id, key, sample, status, attempt, error }) => (
                <tr key={id}>
                  <td className="value">
                    <Link to="/runs/$id" params={{ id: run }} search={{ view: 'results', block, key }}>
                      {keyText(key, shared)}
                    </Link>
                    {sample > 0 && <span className="quiet"> sample {sample}</span>}
                    <TaskError error={error} />
                  </td>
                  <td>
                    <StateMark words={TASK_WORDS} state={status} />
                  </td>
                  <td className="number">{attempt}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length > MOST_ROWS && (
        <p className="quiet">{found.length - MOST_ROWS} more: find them by their key.</p>
      )}
    </div>
  );
}

function TaskError({ error }: { error: unknown }) {
  const told = error as { code?: unknown; message?: unknown } | null;
  if (typeof told?.message !== 'string') return null;
  return (
    <div className="tone-bad">
      {told.message} {typeof told.code === 'string' && <code>{told.code}</code>}
    </div>
  );
}
