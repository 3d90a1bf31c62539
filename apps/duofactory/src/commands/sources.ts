import { Command } from 'commander';
import { Api } from '../client/api.js';
import { UsageError } from '../terminal/command-errors.js';
import { printable } from '../terminal/printable.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions, number } from './options.js';
import { inputsOf } from './run.js';

interface Source {
  readonly id: string;
  readonly range: { readonly spreadsheet: string; readonly tab: string; readonly headerRow: number };
  readonly course: object | null;
  readonly syncedAt: string | null;
}

interface Watch {
  readonly id: string;
  readonly key: string;
  readonly workflow: string;
  readonly everyMinutes: number;
  readonly paused: boolean;
  readonly seenVersion: number | null;
  readonly nextAt: string;
  readonly lastRuns: number | null;
  readonly error: string | null;
  readonly refused: {
    readonly count: number;
    readonly rows: readonly {
      readonly row: string;
      readonly ordinal: number;
      readonly message: string;
    }[];
  };
}

interface Changes {
  readonly version: number;
  readonly before: number | null;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly rows: readonly {
    readonly change: string;
    readonly id: string;
    readonly ordinal: number;
    readonly columns?: readonly string[];
  }[];
}

interface Synced {
  readonly runs?: number;
  readonly version: number;
  readonly created: boolean;
  readonly rows: number;
  readonly missing: {
    readonly count: number;
    readonly cells: readonly { readonly row: number; readonly column: string }[];
  };
  readonly notes?: {
    readonly count: number;
    readonly notes: readonly { readonly place: string; readonly message: string }[];
  };
}

const pathOf = (id: string): string => `/api/sources/${encodeURIComponent(id)}`;

const list = new Command('list')
  .description('Tables and course data that come from spreadsheets')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json }: CommonOptions) => {
    const { sources: all } = await new Api(url).get<{ sources: Source[] }>('/api/sources');
    if (json) return printJson(all);
    const rows = all.map(({ id, range: { spreadsheet, tab }, course, syncedAt }) => [
      ...[id, course === null ? 'table' : 'course', spreadsheet, tab, syncedAt ?? 'never'],
    ]);
    process.stdout.write(tableOf(['source', 'is', 'spreadsheet', 'tab', 'synced'], rows));
  });

interface SetOptions extends CommonOptions {
  readonly spreadsheet: string;
  readonly tab: string;
  readonly columns?: string;
  readonly headerRow?: string;
  readonly type: readonly string[];
  readonly title?: string;
  readonly language?: string;
  readonly from?: string;
}

const set = new Command('set')
  .description('Say which tab of a Google spreadsheet a table comes from, or course data')
  .argument('<table>', 'id of the table, or of the course')
  .requiredOption('--spreadsheet <id>', 'the long part of its address')
  .requiredOption('--tab <name>')
  .option('--columns <first:last>', 'such as B:F; default: all')
  .option('--header-row <number>', 'the row that names the columns; default: 1')
  .option('--type <column=type>', 'text, number or boolean; may be given several times', collect, [])
  .option('--title <title>', 'it is course data, called so; with --language and --from')
  .option('--language <language>', 'of course data: that is learned, such as es')
  .option('--from <language>', 'of course data: that of the learner, such as en')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json, ...options }: SetOptions) => {
    const { spreadsheet, tab, columns, headerRow, type, title, language, from } = options;
    const isCourse = [title, language, from].some((one) => one !== undefined);
    const body = {
      ...{ spreadsheet, tab, ...number('headerRow', headerRow), types: typesOf(type) },
      ...(columns === undefined ? {} : { columns }),
      ...(isCourse ? { course: { title, language, from } } : {}),
    };
    const source = await new Api(url).put<Source>(pathOf(id), JSON.stringify(body), 'application/json');
    if (json) printJson(source);
    else process.stdout.write(`${source.id} comes from "${source.range.tab}"\n`);
  });

const sync = new Command('sync')
  .description('Read a tab now; what changed is the next version of its table or course data')
  .argument('<table>')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json }: CommonOptions) => {
    const synced = await new Api(url).post<Synced>(`${pathOf(id)}/sync`);
    if (json) return printJson(synced);
    const { version, created, rows, runs, missing, notes = { count: 0, notes: [] } } = synced;
    const started = runs === undefined ? '' : `, ${runs} runs asked for`;
    process.stdout.write(`${id}@${version}: ${rows} rows, ${created ? 'changed' : 'as before'}${started}\n`);
    for (const { row, column } of missing.cells)
      process.stderr.write(`row ${row} has no text in "${column}"\n`);
    if (missing.count > missing.cells.length)
      process.stderr.write(`and ${missing.count - missing.cells.length} more\n`);
    for (const { place, message } of notes.notes) process.stderr.write(`${place}: ${message}\n`);
    if (notes.count > notes.notes.length)
      process.stderr.write(`and ${notes.count - notes.notes.length} more\n`);
  });

const changes = new Command('changes')
  .description('What the last version of a table brought')
  .argument('<table>', 'id, or id@7')
  .option('--key <column>', 'the column that names a row; default: rows are known by their places')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json, key }: CommonOptions & { key?: string }) => {
    const query = key === undefined ? '' : `?${new URLSearchParams({ key }).toString()}`;
    const found = await new Api(url).get<Changes>(`/api/tables/${encodeURIComponent(id)}/changes${query}`);
    if (json) return printJson(found);
    const rows = found.rows.map(({ change, id: name, ordinal, columns = [] }) => [
      ...[change, name, ordinal, columns.join(', ')],
    ]);
    process.stdout.write(tableOf(['change', 'row', 'place', 'columns'], rows));
    process.stdout.write(
      `version ${found.version}: ${found.added} added, ${found.changed} changed, ${found.removed} removed\n`,
    );
  });

interface WatchOptions extends CommonOptions {
  readonly workflow?: string;
  readonly key?: string;
  readonly input: string[];
  readonly every?: string;
  readonly mostRuns?: string;
  readonly paused?: boolean;
}

const watch = new Command('watch')
  .description('Start a run for each row that is added or changed; without --workflow: how it goes')
  .argument('<table>')
  .option('--workflow <workflow>', 'id, or id@version')
  .option('--key <column>', 'the column that names a row, wherever people move it')
  .option(
    '-i, --input <name=template>',
    'an input from the row, such as topic={{row.topic}}; may be given several times',
    collect,
    [],
  )
  .option('--every <minutes>', 'how often it is read; default: 15')
  .option('--most-runs <count>', 'if more rows changed at once, nothing is started; default: 500')
  .option('--paused', 'keep it, and start nothing')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, options: WatchOptions) => {
    const { url, json, workflow, key, input, every, mostRuns, paused } = options;
    const api = new Api(url);
    const path = `${pathOf(id)}/watch`;
    if (workflow !== undefined && key === undefined)
      throw new UsageError('Say by --key which column names a row');
    const watched =
      workflow === undefined
        ? await api.get<Watch>(path)
        : await api.put<Watch>(
            path,
            JSON.stringify({
              ...{ workflow, key, inputs: await inputsOf(api, workflow, input) },
              ...number('everyMinutes', every),
              ...number('mostRuns', mostRuns),
              ...(paused === undefined ? {} : { paused }),
            }),
            'application/json',
          );
    if (json) return printJson(watched);
    const { everyMinutes, lastRuns, error, nextAt, refused } = watched;
    process.stdout.write(
      `${id}: each changed row starts ${watched.workflow}, every ${everyMinutes} min, ${watched.paused ? 'paused' : `next ${nextAt}`}\n`,
    );
    if (lastRuns !== null) process.stdout.write(`last time: ${lastRuns} runs\n`);
    if (error !== null) process.stderr.write(`${printable(error)}\n`);
    if (refused.count === 0) return;
    const rows = refused.rows.map(({ row, ordinal, message }) => [row, ordinal, message]);
    process.stdout.write(tableOf(['refused row', 'place', 'why'], rows));
    if (refused.count > rows.length) process.stdout.write(`and ${refused.count - rows.length} more\n`);
  });

const retry = new Command('retry')
  .description('Ask again for the runs of watched rows that were refused theirs')
  .argument('<table>')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json }: CommonOptions) => {
    const retried = await new Api(url).post<{ runs: number; refused: number }>(`${pathOf(id)}/watch/retry`);
    if (json) return printJson(retried);
    const left = retried.refused > 0 ? `, ${retried.refused} left for the next time` : '';
    process.stdout.write(`${retried.runs} runs asked for again${left}\n`);
  });

const unwatch = new Command('unwatch')
  .description('Watch it no more; it can be synced as before')
  .argument('<table>')
  .addOption(urlOption())
  .action(async (id: string, { url }: CommonOptions) => {
    await new Api(url).delete(`${pathOf(id)}/watch`);
    process.stdout.write(`${id} is watched no more\n`);
  });

const remove = new Command('delete')
  .description('Forget where a table or course data comes from; its versions stay')
  .argument('<table>')
  .addOption(urlOption())
  .action(async (id: string, { url }: CommonOptions) => {
    await new Api(url).delete(pathOf(id));
    process.stdout.write(`${id} comes from nowhere now\n`);
  });

export const sources = new Command('sources')
  .description('Tables and course data that come from Google spreadsheets')
  .addCommand(list, { isDefault: true })
  .addCommand(set)
  .addCommand(sync)
  .addCommand(changes)
  .addCommand(watch)
  .addCommand(retry)
  .addCommand(unwatch)
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
