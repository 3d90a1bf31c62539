import { Command } from 'commander';
import { Api } from '../client/api.js';
import type { Run } from '../client/runs.js';
import { printable } from '../terminal/printable.js';
import { costOf } from '../terminal/progress.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';

interface ShownRun extends Run {
  readonly spent: { readonly cost: number; readonly unpriced: number };
  readonly blocks: readonly (Run['blocks'][number] & {
    readonly ready: number;
    readonly requested: number;
  })[];
}

interface ListedTask {
  readonly id: string;
  readonly block: string;
  readonly key: string;
}

interface ShownTask extends ListedTask {
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly remedy: string | null;
}

/** One that stands for many: a fault of the workflow fails every task of its block in the same way. */
const MOST_FAILED = 5;

export const show = new Command('show')
  .description('How a run stands: what each block did and has to do, and what to do about what failed')
  .argument('<run>', 'id of the run')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json }: CommonOptions) => {
    const api = new Api(url);
    const path = `/api/runs/${encodeURIComponent(id)}`;
    const run = await api.get<ShownRun>(path);
    const failed = await failedTasks(api, path);
    if (json) return printJson({ ...run, failed });
    process.stdout.write(`${headOf(run)}\n\n${blocksOf(run)}`);
    for (const task of failed) process.stdout.write(`\n${faultOf(task)}\n`);
  });

async function failedTasks(api: Api, path: string): Promise<ShownTask[]> {
  const { tasks } = await api.get<{ tasks: ListedTask[] }>(
    `${path}/tasks?status=failed&limit=${MOST_FAILED}`,
  );
  return Promise.all(tasks.map(({ id }) => api.get<ShownTask>(`/api/tasks/${id}`)));
}

function headOf({ published, awaitsReview, spent, ...run }: ShownRun): string {
  const version = published ? run.version : 'draft';
  const status = awaitsReview ? `${run.status}, and waits for a review` : run.status;
  const since = `started ${run.createdAt}${run.endedAt === null ? '' : `, ended ${run.endedAt}`}`;
  const lines = [
    `${run.workflow}@${version} ${run.id}: ${status}${run.reason === null ? '' : `: ${run.reason}`}`,
    `${since}, spent ${costOf(spent)}`,
    `inputs: ${JSON.stringify(run.inputs)}`,
  ];
  return lines.map(printable).join('\n');
}

function blocksOf({ blocks }: ShownRun): string {
  const rows = blocks.map(({ block, type, tasks, done, failed, skipped, ready, requested, ...of }) => [
    block,
    type,
    tasks,
    done,
    failed,
    skipped,
    ready,
    requested,
    costOf(of),
  ]);
  const head = ['block', 'type', 'tasks', 'done', 'failed', 'skipped', 'ready', 'at work', 'cost'];
  return tableOf(head, rows);
}

function faultOf({ id, block, key, error, remedy }: ShownTask): string {
  const lines = [
    `failed: ${block} ${key}`,
    `  task    ${id}`,
    `  error   ${error === null ? 'not known' : `${error.code}: ${error.message}`}`,
    ...(remedy === null ? [] : [`  remedy  ${remedy}`]),
  ];
  return lines.map(printable).join('\n');
}
