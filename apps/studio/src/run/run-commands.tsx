import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { RunDetail } from '../api/client.js';
import { queryClient } from '../api/query-client.js';
import { Failure } from '../frame/failure.js';
import { commandsFor, giveCommand, type Command } from './commands.js';
import { RerunButton } from './rerun-button.js';
import { failedTasks, type Retry } from './what-retry-did.js';

export function RunCommands({ run, onRetried }: { run: RunDetail; onRetried: (retry: Retry) => void }) {
  const failed = failedTasks(run);
  const command = useMutation({
    mutationFn: (name: Command) => giveCommand(name, run.id),
    onMutate: (): Retry => ({ tasks: failed, after: run.endedAt }),
    onSuccess: (known, name, asked) => {
      if (name === 'retry') onRetried(asked);
      queryClient.setQueryData(['run', run.id], known);
      // The stream may have told more by now than this answer, which covers it: asked again, nothing older stays.
      void queryClient.invalidateQueries({ queryKey: ['run', run.id], exact: true });
      void queryClient.invalidateQueries({ queryKey: ['runs'] });
    },
  });
  const words: Record<Command, string> = {
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel run',
    retry: failed > 0 ? `Retry failed (${failed})` : 'Go on',
  };
  return (
    <>
      {commandsFor(run.status).map((name) => (
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
