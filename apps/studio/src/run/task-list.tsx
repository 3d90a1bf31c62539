import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { RunTask } from '../api/client.js';
import { tasksQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { withPart } from '../frame/search.js';
import { StateMark } from '../frame/status-mark.js';
import { REVIEW_TASK_WORDS, TASK_CHOICES, TASK_WORDS, type TaskChoice } from '../frame/status.js';
import { useKeys } from '../frame/use-keys.js';
import { useRowKeys } from '../frame/use-row-keys.js';
import { VirtualRows } from '../frame/virtual-rows.js';
import { costText } from '../values/cost.js';
import { keyText, sharedSegments } from '../values/payload-key.js';
import { durationText } from '../values/time.js';
import { TaskDetail } from './task-detail.js';

const route = getRouteApi('/runs/$id');
/** Fewer are seen at a glance. */
const WORTH_FINDING = 8;
const TYPING_MS = 250;
const CHOICES = Object.entries(TASK_CHOICES) as [TaskChoice, (typeof TASK_CHOICES)[TaskChoice]][];

/** Tasks of a block in payload order, found by the server. `all`: how many the block has. */
export function TaskList(of: { run: string; block: string; type: string; all: number }) {
  const { run, block, type, all } = of;
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { status, task: opened } = search;
  const [find, setFind] = useState(search.find ?? '');
  const [asked] = useDebouncedValue(find.trim(), TYPING_MS);
  const narrow = (name: 'find' | 'status', value: string | undefined): void =>
    void navigate({ search: (known) => withPart(known, name, value), replace: true });
  useEffect(() => {
    if (asked !== (search.find ?? '')) narrow('find', asked === '' ? undefined : asked);
  }, [asked]);
  const query = useInfiniteQuery({
    ...tasksQuery(run, {
      block,
      ...(asked ? { find: asked } : {}),
      ...(status ? { status: TASK_CHOICES[status] } : {}),
    }),
    placeholderData: keepPreviousData,
  });
  const tasks = useMemo(() => query.data?.pages.flatMap((page) => page.tasks) ?? [], [query.data]);
  const more = (): void => {
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
  };
  const { current, onFocus } = useRowKeys(
    tasks.map(({ id }) => id),
    more,
  );
  const found = useRef<HTMLInputElement>(null);
  useKeys({ '/': () => found.current?.focus() });
  if (query.error && !query.data) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <div className="skeleton" />;
  const shared = sharedSegments(tasks.map(({ key }) => key));
  const hasSamples = tasks.some(({ sample }) => sample > 1);
  const isScored = tasks.some(({ score }) => score !== null);
  const isFiltered = asked !== '' || status !== undefined;
  return (
    <div className="inside">
      {opened && (
        <TaskDetail
          id={opened}
          type={type}
          hasSamples={hasSamples}
          onClose={() => void navigate({ search: (known) => withPart(known, 'task', undefined) })}
        />
      )}
      {(all > WORTH_FINDING || isFiltered) && (
        <div className="filters">
          <TextInput
            ref={found}
            aria-label="Find a task"
            placeholder="Find by words of the key"
            value={find}
            onChange={({ currentTarget }) => setFind(currentTarget.value)}
          />
          <NativeSelect
            aria-label="Status of the tasks"
            value={status ?? ''}
            onChange={({ currentTarget: { value } }) =>
              narrow('status', CHOICES.find(([choice]) => choice === value)?.[0])
            }
            data={[
              { value: '', label: 'Every status' },
              ...CHOICES.map(([value, [state]]) => ({
                value,
                label: (type === 'review' ? REVIEW_TASK_WORDS : TASK_WORDS)[state]!,
              })),
            ]}
          />
        </div>
      )}
      {tasks.length === 0 && (
        <p className="empty">{isFiltered ? 'No task fits.' : 'No payload has come to this block yet.'}</p>
      )}
      {tasks.length > 0 && (
        <div className="scroll-x" onFocus={onFocus}>
          <table className="rows" aria-rowcount={query.hasNextPage ? -1 : tasks.length + 1}>
            <thead>
              <tr aria-rowindex={1}>
                <th>Key</th>
                <th>Status</th>
                <th className="number wide-only">Attempts</th>
                {isScored && <th className="number">Score</th>}
                <th className="number wide-only">Cost</th>
                <th className="number">Time</th>
                <th>
                  <span className="hidden">Lineage</span>
                </th>
              </tr>
            </thead>
            <VirtualRows
              items={tasks}
              columns={isScored ? 7 : 6}
              keyOf={({ id }) => id}
              current={current}
              cells={(task) => (
                <TaskCells {...{ run, task, shared, hasSamples, isScored }} isReview={type === 'review'} />
              )}
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

function TaskCells(of: {
  run: string;
  task: RunTask;
  shared: number;
  hasSamples: boolean;
  isScored: boolean;
  isReview: boolean;
}) {
  const { run, task, shared, hasSamples, isScored, isReview } = of;
  const { id, block, key, sample, status, attempt, error, makes, score, paid, begunAt, endedAt } = task;
  return (
    <>
      <td className="value task-key">
        <Link to="/runs/$id" params={{ id: run }} search={{ view: 'results', block, key }}>
          {keyText(key, shared)}
        </Link>
        {hasSamples && sample > 0 && <span className="quiet"> sample {sample}</span>}
        <TaskError error={error} />
        {error !== null && (
          <Link
            from="/runs/$id"
            search={(known) => ({ ...known, task: id })}
            aria-label={`Attempts and trace of ${keyText(makes)}`}
          >
            Attempts and trace
          </Link>
        )}
      </td>
      <td>
        <StateMark words={isReview ? REVIEW_TASK_WORDS : TASK_WORDS} state={status} />
      </td>
      <td className="number wide-only">{attempt}</td>
      {isScored && <td className="number">{score === null ? '-' : score.toFixed(2)}</td>}
      <td className="number wide-only">{costText(paid.amount, paid.unpriced)}</td>
      <td className="number">
        {begunAt && endedAt ? durationText(Date.parse(endedAt) - Date.parse(begunAt)) : '-'}
      </td>
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
