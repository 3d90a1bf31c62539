import { Command } from 'commander';
import { Api } from '../client/api.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';

interface Transition {
  readonly at: string;
  readonly what: string;
  readonly block: string;
  readonly key: string;
  readonly sample: number | null;
  readonly attempt: number | null;
  readonly worker: string | null;
  readonly cause: Record<string, unknown> | null;
}

interface HistoryOptions extends CommonOptions {
  readonly block?: string;
  readonly key?: string;
  readonly task?: string;
}

export const history = new Command('history')
  .description('All that happened in a run, in time, with attempt, worker and cause')
  .argument('<run>', 'id of the run')
  .option('--block <block>', 'only of this block')
  .option('--key <key>', 'only of tasks and groups with this key')
  .option('--task <task>', 'only of this task')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (run: string, { url, json, block, key, task }: HistoryOptions) => {
    const transitions: Transition[] = [];
    let next: string | undefined;
    do {
      const filters = Object.entries({ block, key, task, cursor: next }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      const query = new URLSearchParams([['limit', '200'], ...filters]);
      const page = await new Api(url).get<{ transitions: Transition[]; next?: string }>(
        `/api/runs/${encodeURIComponent(run)}/history?${query.toString()}`,
      );
      transitions.push(...page.transitions);
      next = page.next;
    } while (next !== undefined);
    if (json) return printJson(transitions);
    const rows = transitions.map(({ at, what, attempt, worker, cause, ...of }) => [
      ...[at, what, of.block, of.key, attempt ?? '', worker ?? '', causeOf(cause)],
    ]);
    process.stdout.write(tableOf(['at', 'what', 'block', 'key', 'attempt', 'worker', 'cause'], rows));
  });

function causeOf(cause: Transition['cause']): string {
  const { code, message, reason, until, status } = cause ?? {};
  return [code, message ?? reason, until, status].filter((one) => typeof one === 'string').join(' ');
}
