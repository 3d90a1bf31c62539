import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { RunSummary } from '../api/client.js';
import { queryClient } from '../api/query-client.js';
import { commandsFor, giveCommand, type Command } from '../run/commands.js';

/** Requests that are out at one time. */
const AT_ONCE = 4;
const BULK = [
  { command: 'cancel', label: 'Cancel', done: 'cancelled' },
  { command: 'retry', label: 'Retry', done: 'retried' },
] as const;

/** Commands for all that are chosen: each for those whose state allows it. */
export function ChosenRuns(of: {
  chosen: readonly RunSummary[];
  onDone: (said: string) => void;
  onClear: () => void;
}) {
  const { chosen, onDone, onClear } = of;
  const give = useMutation({
    mutationFn: async ({ command, done, runs }: Bulk) => {
      const refusals = await giveAll(command, runs);
      return { done: `${runs.length - refusals.length} ${done}`, refusals };
    },
    onSuccess: ({ done, refusals }) => {
      void queryClient.invalidateQueries({ queryKey: ['runs'] });
      const [first] = refusals;
      onDone(first === undefined ? `${done}.` : `${done}, ${refusals.length} refused: ${first.message}`);
    },
  });
  return (
    <div className="buttons" role="group" aria-label="Chosen runs">
      <span>{chosen.length} selected</span>
      {BULK.map(({ command, label, done }) => {
        const runs = chosen.filter(({ status }) => commandsFor(status).includes(command)).map(({ id }) => id);
        return (
          <Button
            key={command}
            size="compact-sm"
            variant="default"
            disabled={runs.length === 0}
            loading={give.isPending && give.variables.command === command}
            onClick={() => give.mutate({ command, done, runs })}
          >
            {label} {runs.length}
          </Button>
        );
      })}
      <Button size="compact-sm" variant="subtle" onClick={onClear}>
        Select none
      </Button>
    </div>
  );
}

interface Bulk {
  readonly command: Command;
  readonly done: string;
  readonly runs: readonly string[];
}

/** Why some were refused; the others are done. */
async function giveAll(command: Command, runs: readonly string[]): Promise<Error[]> {
  const refusals: Error[] = [];
  const left = [...runs];
  const work = async (): Promise<void> => {
    for (let run = left.shift(); run !== undefined; run = left.shift())
      await giveCommand(command, run).catch((error: Error) => void refusals.push(error));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return refusals;
}
