import { Button } from '@mantine/core';
import { useMutation, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId, useState, type ReactNode } from 'react';
import { api, type Schedule, type Trigger } from '../api/client.js';
import { answer, ApiProblem } from '../api/problem.js';
import { workflowQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { inputsOf, type Declared } from '../start/input-fields.js';
import { whenText } from '../values/time.js';
import { ScheduleForm } from './schedule-form.js';
import { Times } from './start-times.js';
import { changedSchedules, changedTriggers, schedulesQuery, triggersQuery } from './starts-queries.js';
import { TriggerForm } from './trigger-form.js';

/** What starts the workflow by itself: the clock, and events. Both start what is published. */
export function StartsPanel({ id }: { id: string }) {
  const published = useQuery(workflowQuery(id));
  if (published.error instanceof ApiProblem && published.error.status === 404)
    return (
      <div className="inside">
        <p className="quiet">Publish a version first: the clock and events start what is published.</p>
      </div>
    );
  if (published.error && !published.data)
    return <Failure error={published.error} onRetry={() => void published.refetch()} />;
  if (!published.data) return <div className="skeleton" />;
  const declared = inputsOf(published.data.definition as object);
  return (
    <div className="inside starts">
      <Schedules id={id} declared={declared} />
      <Triggers id={id} declared={declared} />
    </div>
  );
}

/** Those of one kind; one of them, or a new one, is open to be changed. */
function Starts<T extends { readonly id: string }>({
  kind,
  heading,
  none,
  list,
  card,
  form,
}: {
  kind: string;
  heading: string;
  none: string;
  list: UseQueryResult<readonly T[]>;
  card: (one: T, onEdit: () => void) => ReactNode;
  form: (one: T | undefined, onClose: () => void) => ReactNode;
}) {
  const headingId = useId();
  const [opened, setOpened] = useState<{ readonly id: string | undefined }>();
  const close = (): void => setOpened(undefined);
  return (
    <section aria-labelledby={headingId}>
      <h3 id={headingId}>{heading}</h3>
      {list.error && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && !opened && <p className="quiet">{none}</p>}
      <ul className="starts-list">
        {list.data?.map((one) => (
          <li key={one.id}>
            {opened?.id === one.id ? form(one, close) : card(one, () => setOpened({ id: one.id }))}
          </li>
        ))}
      </ul>
      {opened && opened.id === undefined ? (
        form(undefined, close)
      ) : (
        <Button variant="default" onClick={() => setOpened({ id: undefined })}>
          New {kind}
        </Button>
      )}
    </section>
  );
}

function Schedules({ id, declared }: { id: string; declared: Declared }) {
  return (
    <Starts
      kind="schedule"
      heading="By the clock"
      none="The clock starts nothing of it yet."
      list={useQuery(schedulesQuery(id))}
      card={(schedule, onEdit) => <ScheduleCard schedule={schedule} onEdit={onEdit} />}
      form={(schedule, onClose) => (
        <ScheduleForm workflow={id} declared={declared} schedule={schedule} onClose={onClose} />
      )}
    />
  );
}

function ScheduleCard({ schedule, onEdit }: { schedule: Schedule; onEdit: () => void }) {
  const { id, cron, timeZone, workflow, paused, upcoming, lastAt, lastRun, error } = schedule;
  const path = { id };
  const pause = useMutation({
    mutationFn: () => {
      const { inputs, missed } = schedule;
      const body = { workflow, inputs, cron, timeZone, missed, paused: !paused };
      return answer(api.PUT('/api/schedules/{id}', { params: { path }, body }));
    },
    onSuccess: changedSchedules,
  });
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/api/schedules/{id}', { params: { path } })),
    onSuccess: changedSchedules,
  });
  return (
    <StartCard
      id={id}
      told={
        <>
          <code>{cron}</code> <span className="quiet">{timeZone}</span>
        </>
      }
      workflow={workflow}
      isPaused={paused}
      isBusy={pause.isPending || remove.isPending}
      error={pause.error ?? remove.error}
      onPause={() => pause.mutate()}
      onEdit={onEdit}
      onDelete={() => remove.mutate()}
    >
      {upcoming.length > 0 && (
        <div>
          Next <Times times={upcoming} timeZone={timeZone} label={`Next times of ${id}`} />
        </div>
      )}
      {!paused && upcoming.length === 0 && <div className="quiet">No further time.</div>}
      {lastAt !== null && (
        <div className="quiet">
          Last {whenText(lastAt)}
          {lastRun !== null && (
            <>
              {': '}
              <Link to="/runs/$id" params={{ id: lastRun }}>
                its run
              </Link>
            </>
          )}
        </div>
      )}
      {error !== null && <div className="tone-bad">{error}</div>}
    </StartCard>
  );
}

function Triggers({ id, declared }: { id: string; declared: Declared }) {
  return (
    <Starts
      kind="trigger"
      heading="By an event"
      none="No event starts it yet."
      list={useQuery(triggersQuery(id))}
      card={(trigger, onEdit) => <TriggerCard trigger={trigger} onEdit={onEdit} />}
      form={(trigger, onClose) => (
        <TriggerForm workflow={id} declared={declared} trigger={trigger} onClose={onClose} />
      )}
    />
  );
}

function TriggerCard({ trigger, onEdit }: { trigger: Trigger; onEdit: () => void }) {
  const { id, topic, type, source, when, workflow, paused } = trigger;
  const path = { id };
  const pause = useMutation({
    mutationFn: () => {
      const { inputs } = trigger;
      const said = { ...(source === null ? {} : { source }), ...(when === null ? {} : { when }) };
      const body = { topic, type, workflow, inputs, ...said, paused: !paused };
      return answer(api.PUT('/api/triggers/{id}', { params: { path }, body }));
    },
    onSuccess: changedTriggers,
  });
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/api/triggers/{id}', { params: { path } })),
    onSuccess: changedTriggers,
  });
  return (
    <StartCard
      id={id}
      told={<code>{type}</code>}
      workflow={workflow}
      isPaused={paused}
      isBusy={pause.isPending || remove.isPending}
      error={pause.error ?? remove.error}
      onPause={() => pause.mutate()}
      onEdit={onEdit}
      onDelete={() => remove.mutate()}
    >
      <div className="quiet">
        on {topic}
        {source !== null && ` from ${source}`}
      </div>
      {when !== null && (
        <div>
          if <code>{when}</code>
        </div>
      )}
    </StartCard>
  );
}

/** One of either kind, with what may be done to it. What was deleted is gone: it is asked twice. */
function StartCard(of: {
  id: string;
  told: ReactNode;
  workflow: string;
  isPaused: boolean;
  isBusy: boolean;
  error: Error | null;
  children: ReactNode;
  onPause: () => void;
  onEdit: () => void;
  onDelete: () => void;
}) {
  const { id, told, workflow, isPaused, isBusy, error, children, onPause, onEdit, onDelete } = of;
  const [isAsked, setAsked] = useState(false);
  const [, version] = workflow.split('@');
  return (
    <>
      <div>
        <strong>{id}</strong> {told} {isPaused && <span className="label">Paused</span>}
      </div>
      <div className="quiet">
        starts {version === undefined ? 'the latest version' : `version ${version}`}
      </div>
      {children}
      {error && <Failure error={error} />}
      <div className="actions">
        <button type="button" className="plain" disabled={isBusy} onClick={onEdit}>
          Edit<span className="hidden"> {id}</span>
        </button>
        <button type="button" className="plain" disabled={isBusy} onClick={onPause}>
          {isPaused ? 'Resume' : 'Pause'}
          <span className="hidden"> {id}</span>
        </button>
        {isAsked ? (
          <>
            <button type="button" className="plain tone-bad" disabled={isBusy} onClick={onDelete}>
              Delete it for good<span className="hidden"> {id}</span>
            </button>
            <button type="button" className="plain" onClick={() => setAsked(false)}>
              Keep it<span className="hidden"> {id}</span>
            </button>
          </>
        ) : (
          <button type="button" className="plain" disabled={isBusy} onClick={() => setAsked(true)}>
            Delete<span className="hidden"> {id}</span>
          </button>
        )}
      </div>
    </>
  );
}
