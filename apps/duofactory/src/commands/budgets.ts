import { Command, Option } from 'commander';
import { Api } from '../client/api.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions, number } from './options.js';

interface Budget {
  readonly id: string;
  readonly per: string;
  readonly workflow: string | null;
  readonly run: string | null;
  readonly amount: number | null;
  readonly tokens: number | null;
}

interface Account {
  readonly account: string;
  readonly spent: number;
  readonly tokens: number;
  readonly leased: number;
}

const list = new Command('list')
  .description('Limits of what may be spent')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json }: CommonOptions) => {
    const { budgets: all } = await new Api(url).get<{ budgets: Budget[] }>('/api/budgets');
    if (json) return printJson(all);
    const rows = all.map(({ id, per, workflow, run, amount, tokens }) => [
      ...[id, per, workflow ?? run ?? 'all', amount === null ? '' : `$${amount}`, tokens ?? ''],
    ]);
    process.stdout.write(tableOf(['budget', 'per', 'of', 'dollars', 'tokens'], rows));
  });

const show = new Command('show')
  .description('What was spent of a budget: each run, workflow or day, last used first')
  .argument('<id>')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json }: CommonOptions) => {
    const budget = await new Api(url).get<Budget & { accounts: Account[] }>(
      `/api/budgets/${encodeURIComponent(id)}`,
    );
    if (json) return printJson(budget);
    const rows = budget.accounts.map(({ account, spent, tokens, leased }) => [
      ...[account, `$${spent.toFixed(4)}`, tokens, `$${leased.toFixed(4)}`],
    ]);
    process.stdout.write(tableOf([budget.per, 'spent', 'tokens', 'in flight'], rows));
  });

interface SetOptions extends CommonOptions {
  readonly per: string;
  readonly amount?: string;
  readonly tokens?: string;
  readonly workflow?: string;
  readonly run?: string;
}

const set = new Command('set')
  .description('Set a budget; runs that the one before held go on')
  .argument('<id>', 'its name, in kebab-case')
  .addOption(
    new Option('--per <what>', 'each run, each workflow, each day')
      .choices(['run', 'workflow', 'day'])
      .default('day'),
  )
  .option('--amount <dollars>', 'in US dollars')
  .option('--tokens <count>', 'input and output together')
  .option('--workflow <id>', 'only runs of this workflow')
  .option('--run <id>', 'only this run')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json, per, amount, tokens, ...of }: SetOptions) => {
    const body = { per, ...of, ...number('amount', amount), ...number('tokens', tokens) };
    const budget = await new Api(url).put<Budget>(
      `/api/budgets/${encodeURIComponent(id)}`,
      JSON.stringify(body),
      'application/json',
    );
    if (json) printJson(budget);
    else process.stdout.write(`${budget.id} set\n`);
  });

const remove = new Command('delete')
  .description('Take a budget away; runs that it held go on')
  .argument('<id>')
  .addOption(urlOption())
  .action(async (id: string, { url }: CommonOptions) => {
    await new Api(url).delete(`/api/budgets/${encodeURIComponent(id)}`);
    process.stdout.write(`${id} deleted\n`);
  });

export const budgets = new Command('budgets')
  .description('Limits of what models may cost')
  .addCommand(list, { isDefault: true })
  .addCommand(show)
  .addCommand(set)
  .addCommand(remove);
