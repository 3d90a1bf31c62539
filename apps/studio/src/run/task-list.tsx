import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { RunTask } from '../api/client.js';
import { tasksQuery, type TaskStatus } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { StateMark } from '../frame/status-mark.js';
import { TASK_WORDS } from '../frame/status.js';
import { VirtualRows } from '../frame/virtual-rows.js';
import { keyText, sharedSegments } from '../values/payload-key.js';

/** Fewer are seen at a glance. */
const WORTH_FINDING = 8;
const TYPING_MS = 250;

/** Tasks of a block in payload order, found by the server. `all`: how many the block has. */
export function TaskList({ run, block, all }: { run: string; block: string; all: number }) {
  const [find, setFind] = useState('');
  const [status, setStatus] = useState<TaskStatus | ''>('');
  const [asked] = useDebouncedValue(find.trim(), TYPING_MS);
  const query = useInfiniteQuery({
    ...tasksQuery(run, { block, ...(asked ? { find: asked } : {}), ...(status ? { status } : {}) }),
    placeholderData: keepPreviousData,
  });
  if (query.error && !query.data) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <div className="skeleton" />;
  const tasks = query.data.pages.flatMap((page) => page.tasks);
  const shared = sharedSegments(tasks.map(({ key }) => key));
  const hasSamples = tasks.some(({ sample }) => sample > 1);
  const isFiltered = asked !== '' || status !== '';
  const more = (): void => {
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
  };
  return (
    <div className="inside">
      {all > WORTH_FINDING && (
        <div className="filters">
          <TextInput
            aria-label="Find a task"
            placeholder="Find by words of the key"
            value={find}
            onChange={({ currentTarget }) => setFind(currentTarget.value)}
          />
          <NativeSelect
            aria-label="Status of the tasks"
            value={status}
            onChange={({ currentTarget }) => setStatus(currentTarget.value as TaskStatus | '')}
            data={[
              { value: '', label: 'Every status' },
              ...Object.entries(TASK_WORDS).map(([value, label]) => ({
                value,
                label: value === 'evaluating' ? 'Queued (evaluating)' : label,
              })),
            ]}
          />
        </div>
      )}
      {tasks.length === 0 && (
        <p className="empty">{isFiltered ? 'No task fits.' : 'No payload has come to this block yet.'}</p>
      )}
      {tasks.length > 0 && (
        <div className="scroll-x">
          <table className="rows" aria-rowcount={query.hasNextPage ? -1 : tasks.length + 1}>
            <thead>
              <tr aria-rowindex={1}>
                <th>Key</th>
                <th>Status</th>
                <th className="number">Attempts</th>
                <th>
                  <span className="hidden">Lineage</span>
                </th>
              </tr>
            </thead>
            <VirtualRows
              items={tasks}
              columns={4}
              keyOf={({ id }) => id}
              cells={(task) => <TaskCells run={run} task={task} shared={shared} hasSamples={hasSamples} />}
              onEnd={more}
            />
          </table>
        </div>
      )}
      {query.hasNextPage && (
        <Button variant="default" loading={query.isFetchingNextPage} onClick={more} mt={8}>
          More tasks
        </Button>
      )}
    </div>
  );
}

function TaskCells(of: { run: string; task: RunTask; shared: number; hasSamples: boolean }) {
  const { run, task, shared, hasSamples } = of;
  const { block, key, sample, status, attempt, error, makes } = task;
  return (
    <>
      <td className="value">
        <Link to="/runs/$id" params={{ id: run }} search={{ view: 'results', block, key }}>
          {keyText(key, shared)}
        </Link>
        {hasSamples && sample > 0 && <span className="quiet"> sample {sample}</span>}
        <TaskError error={error} />
      </td>
      <td>
        <StateMark words={TASK_WORDS} state={status} />
      </td>
      <td className="number">{attempt}</td>
      <td>
        <Link
          to="/runs/$id"
          params={{ id: run }}
          search={{ view: 'lineage', block, key: makes }}
          aria-label={`Lineage of ${keyText(makes)}`}
        >
          Lineage
        </Link>
      </td>
    </>
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
