import { Command } from 'commander';
import { Api } from '../client/api.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';

interface Lineage {
  readonly exists: boolean;
  readonly way: readonly {
    readonly block: string;
    readonly key: string;
    readonly state: string;
    readonly task: {
      readonly status: string;
      readonly attempts: readonly { readonly worker: string | null }[];
      readonly reusedFrom: string | null;
      readonly paid: { readonly amount: number };
    } | null;
  }[];
  readonly became: readonly { readonly block: string; readonly what: string; readonly why: object }[];
}

export const lineage = new Command('lineage')
  .description('The way that a payload took and what became of it; for one that is not there, why')
  .argument('<run>', 'id of the run')
  .argument('<block>', 'of the payload')
  .argument('[key]', 'of the payload', '')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (run: string, block: string, key: string, { url, json }: CommonOptions) => {
    const query = new URLSearchParams({ block, key });
    const told = await new Api(url).get<Lineage>(
      `/api/runs/${encodeURIComponent(run)}/lineage?${query.toString()}`,
    );
    if (json) return printJson(told);
    const steps = told.way.map(({ block: of, key: at, state, task }) => [
      ...[of, at, state, task?.reusedFrom ? 'taken over' : (task?.status ?? '')],
      ...[task?.attempts.length ?? '', task?.attempts.at(-1)?.worker ?? ''],
      task ? `$${task.paid.amount.toFixed(4)}` : '',
    ]);
    const head = ['block', 'key', 'state', 'task', 'attempts', 'worker', 'paid'];
    if (steps.length > 0) process.stdout.write(tableOf(head, steps));
    if (!told.exists) process.stdout.write('There is no such payload. Its way ended so:\n');
    const fates = told.became.map(({ block: at, what, why }) => [at, what, why]);
    if (fates.length > 0) process.stdout.write(tableOf(['then at', 'it', 'because'], fates));
  });
