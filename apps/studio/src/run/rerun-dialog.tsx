import { Button, Modal, NativeSelect } from '@mantine/core';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type RunDetail } from '../api/client.js';
import { answer } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';

const EVERYTHING = '';

/** A new run beside an ended one: from which block, on which version, and what that takes over or pays. */
export default function RerunDialog({ run, onClose }: { run: RunDetail; onClose: () => void }) {
  const navigate = useNavigate();
  const [from, setFrom] = useState(EVERYTHING);
  const [version, setVersion] = useState('pinned');
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const body = { version, ...(from === EVERYTHING ? {} : { from }) };
  const forecast = useQuery({
    queryKey: ['run', run.id, 'forecast', body],
    queryFn: () =>
      answer(api.POST('/api/runs/{id}/reruns/forecast', { params: { path: { id: run.id } }, body })),
  });
  const rerun = useMutation({
    mutationFn: () =>
      answer(
        api.POST('/api/runs/{id}/reruns', {
          params: {
            path: { id: run.id },
            header: { 'Idempotency-Key': `${idempotencyKey}/${from}/${version}` },
          },
          body,
        }),
      ),
    onSuccess: (begun) => {
      queryClient.setQueryData(['run', begun.id], begun);
      onClose();
      return navigate({ to: '/runs/$id', params: { id: begun.id }, search: {} });
    },
  });
  return (
    <Modal opened onClose={onClose} title="Rerun" size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <div style={{ display: 'grid', gap: 12 }}>
        <NativeSelect
          label="From"
          description="Tasks of this block are asked for again, those below it if their input differs"
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
          data={[
            { value: EVERYTHING, label: 'What failed or changed' },
            ...run.blocks.map(({ block }) => ({ value: block, label: block })),
          ]}
        />
        <NativeSelect
          label="Version"
          value={version}
          onChange={({ currentTarget }) => setVersion(currentTarget.value)}
          data={[
            { value: 'pinned', label: `As this run: version ${run.version} and the references it pinned` },
            { value: 'latest', label: 'Latest: what is published now' },
          ]}
        />
        {forecast.error && <Failure error={forecast.error} onRetry={() => void forecast.refetch()} />}
        {forecast.data && (
          <div className="scroll-x">
            <table className="rows">
              <thead>
                <tr>
                  <th>Block</th>
                  <th className="number">Taken over</th>
                  <th className="number">If its input differs</th>
                  <th className="number">Asked for again</th>
                </tr>
              </thead>
              <tbody>
                {forecast.data.blocks.map(({ block, reused, byInput, anew }) => (
                  <tr key={block}>
                    <td>{block}</td>
                    <td className="number">{reused}</td>
                    <td className="number">{byInput}</td>
                    <td className="number">{anew}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <p className="quiet" style={{ margin: 0 }}>
          Calls that were paid before with the same request are not paid again.
        </p>
        {rerun.error && <Failure error={rerun.error} />}
        <div style={{ display: 'flex', gap: 8, justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button loading={rerun.isPending} onClick={() => rerun.mutate()}>
            Start rerun
          </Button>
        </div>
      </div>
    </Modal>
  );
}
