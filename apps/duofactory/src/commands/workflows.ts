import { Command } from 'commander';
import { Api } from '../client/api.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';

interface Workflow {
  readonly id: string;
  readonly name: string | null;
  readonly latest: number;
  readonly publishedAt: string;
}

export const workflows = new Command('workflows')
  .description('List the published workflows')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json }: CommonOptions) => {
    const { workflows: all } = await new Api(url).get<{ workflows: Workflow[] }>('/api/workflows');
    if (json) return printJson(all);
    const rows = all.map(({ id, name, latest, publishedAt }) => [id, name ?? '', latest, publishedAt]);
    process.stdout.write(tableOf(['workflow', 'name', 'version', 'published'], rows));
  });
