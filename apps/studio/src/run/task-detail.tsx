import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { taskQuery } from '../api/queries.js';
import { CopyButton } from '../frame/copy-button.js';
import { Failure } from '../frame/failure.js';
import { Icon } from '../frame/icons.js';
import { keyText } from '../values/payload-key.js';
import { AttemptList } from './attempt-list.js';
import { RenderedPrompt } from './rendered-prompt.js';

/**
 * What an engineer wants of a task that went wrong: the error, what to do, each attempt, what was asked of a model, and
 * where its trace is.
 */
export function TaskDetail(of: { id: string; type: string; hasSamples: boolean; onClose: () => void }) {
  const { id, type, hasSamples, onClose } = of;
  const { data: task, error, refetch } = useQuery(taskQuery(id));
  const place = useRef<HTMLElement>(null);
  const isThere = task !== undefined;
  useEffect(() => place.current?.focus(), [id, isThere]);
  if (error && !task) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!task) return <div className="skeleton" />;
  const told = task.error as { code: string; message: string } | null;
  const name = `${keyText(task.key)}${hasSamples && task.sample > 0 ? `, sample ${task.sample}` : ''}`;
  return (
    <section className="panel task-detail" aria-label={`Task of ${name}`} tabIndex={-1} ref={place}>
      <header>
        <h3>{name}</h3>
        <ActionIcon
          className="end"
          variant="subtle"
          color="gray"
          aria-label="Close the task"
          onClick={onClose}
        >
          <Icon name="close" />
        </ActionIcon>
      </header>
      <div className="inside value">
        {told && (
          <p className="tone-bad">
            {told.message} <code>{told.code}</code>
          </p>
        )}
        {task.remedy && (
          <p>
            <strong>What to do</strong> {task.remedy}
          </p>
        )}
        <dl>
          <dt>Attempts</dt>
          <dd>{task.attempts.length === 0 ? 'none yet' : <AttemptList attempts={task.attempts} />}</dd>
          <dt>Trace</dt>
          <dd>
            {task.traceId === null ? (
              <span className="quiet">Nothing traces this run; its logs have the id of the task.</span>
            ) : (
              <Copied text={task.traceId} what="trace id" />
            )}
          </dd>
          <dt>Task</dt>
          <dd>
            <Copied text={task.id} what="task id" />
          </dd>
        </dl>
        {type === 'prompt' && <RenderedPrompt task={task.id} isOpen />}
      </div>
    </section>
  );
}

function Copied({ text, what }: { text: string; what: string }) {
  return (
    <span className="copied">
      <code>{text}</code>
      <CopyButton
        text={() => text}
        label={`Copy ${what}`}
        copied="Copied"
        size="compact-sm"
        variant="default"
      />
    </span>
  );
}
