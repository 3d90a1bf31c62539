import { Command } from 'commander';
import { Api } from '../client/api.js';
import type { Run } from '../client/runs.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';

interface ListOptions extends CommonOptions {
  readonly workflow?: string;
  readonly status?: string;
  readonly limit: string;
}

/** Of a run that goes on, and that waits for a person. */
const IN_REVIEW = 'in-review';
const REVIEWED = { status: 'running', awaitsReview: 'true' };

export const runs = new Command('runs')
  .description('List runs, newest first')
  .option('--workflow <id>', 'of this workflow only')
  .option('--status <status>', 'with this status only; in-review: it waits for a person')
  .option('--limit <n>', 'how many', '20')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json, workflow, status, limit }: ListOptions) => {
    const query = new URLSearchParams({
      limit,
      ...(workflow === undefined ? {} : { workflow }),
      ...(status === undefined ? {} : status === IN_REVIEW ? REVIEWED : { status }),
    });
    const { runs: all } = await new Api(url).get<{ runs: Omit<Run, 'blocks'>[] }>(
      `/api/runs?${query.toString()}`,
    );
    if (json) return printJson(all);
    const rows = all.map((run) => [
      run.id,
      `${run.workflow}@${run.published ? run.version : 'draft'}`,
      run.awaitsReview ? IN_REVIEW : run.status,
      run.createdAt,
      run.reason ?? JSON.stringify(run.inputs),
    ]);
    process.stdout.write(tableOf(['run', 'workflow', 'status', 'started', 'inputs or reason'], rows));
  });
