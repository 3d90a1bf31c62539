import { Command } from 'commander';
import { Api } from '../client/api.js';
import { UsageError } from '../terminal/explain.js';
import { tableOf } from '../terminal/table.js';
import { number } from './budgets.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';

interface Source {
  readonly id: string;
  readonly range: { readonly spreadsheet: string; readonly tab: string; readonly headerRow: number };
  readonly syncedAt: string | null;
}

interface Synced {
  readonly version: number;
  readonly created: boolean;
  readonly rows: number;
  readonly missing: {
    readonly count: number;
    readonly cells: readonly { readonly row: number; readonly column: string }[];
  };
}

const pathOf = (id: string): string => `/api/sources/${encodeURIComponent(id)}`;

const list = new Command('list')
  .description('Tables that come from spreadsheets')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json }: CommonOptions) => {
    const { sources: all } = await new Api(url).get<{ sources: Source[] }>('/api/sources');
    if (json) return printJson(all);
    const rows = all.map(({ id, range: { spreadsheet, tab }, syncedAt }) => [
      ...[id, spreadsheet, tab, syncedAt ?? 'never'],
    ]);
    process.stdout.write(tableOf(['table', 'spreadsheet', 'tab', 'synced'], rows));
  });

interface SetOptions extends CommonOptions {
  readonly spreadsheet: string;
  readonly tab: string;
  readonly headerRow?: string;
  readonly type: readonly string[];
}

const set = new Command('set')
  .description('Say which tab of a Google spreadsheet a table comes from')
  .argument('<table>')
  .requiredOption('--spreadsheet <id>', 'the long part of its address')
  .requiredOption('--tab <name>')
  .option('--header-row <number>', 'the row that names the columns; default: 1')
  .option('--type <column=type>', 'text, number or boolean; may be given several times', collect, [])
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json, spreadsheet, tab, headerRow, type }: SetOptions) => {
    const body = { spreadsheet, tab, ...number('headerRow', headerRow), types: typesOf(type) };
    const source = await new Api(url).put<Source>(pathOf(id), JSON.stringify(body), 'application/json');
    if (json) printJson(source);
    else process.stdout.write(`${source.id} comes from "${source.range.tab}"\n`);
  });

const sync = new Command('sync')
  .description('Read a tab now; what changed is the next version of its table')
  .argument('<table>')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json }: CommonOptions) => {
    const synced = await new Api(url).post<Synced>(`${pathOf(id)}/sync`);
    if (json) return printJson(synced);
    const { version, created, rows, missing } = synced;
    process.stdout.write(`${id}@${version}: ${rows} rows, ${created ? 'changed' : 'as before'}\n`);
    for (const { row, column } of missing.cells)
      process.stderr.write(`row ${row} has no text in "${column}"\n`);
    if (missing.count > missing.cells.length)
      process.stderr.write(`and ${missing.count - missing.cells.length} more\n`);
  });

const remove = new Command('delete')
  .description('Forget where a table comes from; its versions stay')
  .argument('<table>')
  .addOption(urlOption())
  .action(async (id: string, { url }: CommonOptions) => {
    await new Api(url).delete(pathOf(id));
    process.stdout.write(`${id} comes from nowhere now\n`);
  });

export const sources = new Command('sources')
  .description('Tables that come from Google spreadsheets')
  .addCommand(list, { isDefault: true })
  .addCommand(set)
  .addCommand(sync)
  .addCommand(remove);

function typesOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((one) => {
      const at = one.lastIndexOf('=');
      if (at < 1) throw new UsageError(`--type "${one}" is no column=type`);
      return [one.slice(0, at), one.slice(at + 1)];
    }),
  );
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
