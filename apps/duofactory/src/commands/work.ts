import { Command } from 'commander';
import { Api } from '../client/api.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, numberOf, printJson, urlOption, type CommonOptions } from './options.js';

interface TypeWork {
  readonly type: string;
  readonly service: string;
  readonly ready: number;
  readonly requested: number;
  readonly held: number;
  readonly oldestSeen: { readonly run: string; readonly requestedAt: string } | null;
  readonly done: number;
  readonly failed: number;
  readonly lastFailure: { readonly run: string } | null;
}

interface WorkOptions extends CommonOptions {
  readonly hours: string;
}

export const work = new Command('work')
  .description('What is to be done, by block type over all runs, since when, and how much failed lately')
  .option('--hours <n>', 'what ended in runs that began so lately', '24')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json, hours }: WorkOptions) => {
    const query = new URLSearchParams({ hours: String(numberOf('hours', hours)) });
    const told = await new Api(url).get<{ types: TypeWork[] }>(`/api/block-types/work?${query.toString()}`);
    if (json) return printJson(told);
    const rows = told.types.map(({ oldestSeen, lastFailure, ...of }) => [
      ...[of.type, of.service, of.ready, of.held, of.requested],
      ...[oldestSeen?.requestedAt, oldestSeen?.run, of.done, of.failed, lastFailure?.run],
    ]);
    const head = [
      'type',
      'service',
      'ready',
      'held',
      'at work',
      'since',
      'in run',
      'done',
      'failed',
      'last in',
    ];
    process.stdout.write(tableOf(head, rows));
  });
