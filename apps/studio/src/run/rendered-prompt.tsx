import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { renderedPromptQuery } from '../api/queries.js';
import { Failure } from '../frame/failure.js';
import { SentRequest } from './sent-request.js';

/** Asked for when it is opened: a page of columns would ask for many. */
export function RenderedPrompt({ task, isOpen = false }: { task: string; isOpen?: boolean }) {
  const [opened, setOpened] = useState(isOpen);
  return (
    <details open={opened} onToggle={({ currentTarget }) => setOpened(currentTarget.open)}>
      <summary>Rendered prompt</summary>
      {opened && <Requests task={task} />}
    </details>
  );
}

function Requests({ task }: { task: string }) {
  const rendered = useQuery(renderedPromptQuery(task));
  if (rendered.error) return <Failure error={rendered.error} onRetry={() => void rendered.refetch()} />;
  if (!rendered.data) return <div className="skeleton" />;
  return (
    <>
      <p className="quiet">
        {rendered.data.prompt}{' '}
        <Link to="/prompts/$id" params={{ id: rendered.data.prompt.split('@')[0]! }} search={{ input: task }}>
          Open in prompt editor
        </Link>
      </p>
      {rendered.data.calls.map(({ step, request }) => (
        <SentRequest key={step} step={step} request={request} />
      ))}
    </>
  );
}
