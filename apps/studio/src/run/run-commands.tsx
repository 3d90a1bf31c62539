import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { api, type RunDetail } from '../api/client.js';
import { answer } from '../api/problem.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';
import { RerunButton } from './rerun-button.js';

const COMMANDS = {
  pause: (id: string) => answer(api.POST('/api/runs/{id}/pause', { params: { path: { id } } })),
  resume: (id: string) => answer(api.POST('/api/runs/{id}/resume', { params: { path: { id } } })),
  cancel: (id: string) => answer(api.POST('/api/runs/{id}/cancel', { params: { path: { id } } })),
  retry: (id: string) => answer(api.POST('/api/runs/{id}/retry', { params: { path: { id } } })),
};
type Command = keyof typeof COMMANDS;

/** What may be asked of a run in its state; the server has the last word. */
const OFFERED: Readonly<Record<string, readonly Command[]>> = {
  queued: ['pause', 'cancel'],
  running: ['pause', 'cancel'],
  paused: ['resume', 'cancel'],
  failed: ['retry'],
  cancelled: ['retry'],
};

export function RunCommands({ run }: { run: RunDetail }) {
  const command = useMutation({
    mutationFn: (name: Command) => COMMANDS[name](run.id),
    onSuccess: (known) => {
      queryClient.setQueryData(['run', run.id], known);
      void queryClient.invalidateQueries({ queryKey: ['runs'] });
    },
  });
  const failed = run.blocks.reduce((sum, block) => sum + block.failed, 0);
  const words: Record<Command, string> = {
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel run',
    retry: failed > 0 ? `Retry failed (${failed})` : 'Go on',
  };
  return (
    <>
      {(OFFERED[run.status] ?? []).map((name) => (
        <Button
          key={name}
          variant={name === 'cancel' ? 'default' : 'filled'}
          loading={command.isPending && command.variables === name}
          onClick={() => command.mutate(name)}
        >
          {words[name]}
        </Button>
      ))}
      <RerunButton run={run} label="Rerun from…" />
      {command.error && <Failure error={command.error} />}
    </>
  );
}
