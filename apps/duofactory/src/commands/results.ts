import { Command, Option } from 'commander';
import { stringify } from 'csv-stringify/sync';
import { Api } from '../client/api.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';

interface Page {
  readonly block: string;
  readonly payloads: { key: string; state: string; blockResults: Record<string, unknown> }[];
  readonly next?: string;
}

interface ResultOptions extends CommonOptions {
  readonly block?: string;
  readonly csv?: boolean;
}

export const results = new Command('results')
  .description('What a block of a run made')
  .argument('<run>', 'id of the run')
  .option('--block <id>', 'the block; default: the last one')
  .addOption(urlOption())
  .addOption(jsonOption().conflicts('csv'))
  .addOption(new Option('--csv', 'print CSV, for spreadsheets'))
  .action(async (run: string, { url, json, csv, block }: ResultOptions) => {
    const api = new Api(url);
    const { block: named, payloads } = await allResults(api, run, block);
    // What is printed for programs is whole; a person sees where it lies.
    if (json || csv) await loadKept(api, { run, block: named, payloads });
    if (json) return printJson(payloads);
    const flat = payloads.map(({ key, state, blockResults }) => ({
      key,
      state,
      ...flatten(blockResults[named]),
    }));
    const columns = [...new Set(flat.flatMap((row) => Object.keys(row)))];
    const rows = flat.map((row) => columns.map((name) => (row as Record<string, unknown>)[name]));
    if (csv) {
      // A cell that begins like a formula is one to a spreadsheet: `escape_formulas` puts an apostrophe before it.
      process.stdout.write(stringify([columns, ...rows.map(textOf)], { escape_formulas: true }));
    } else {
      process.stdout.write(tableOf(columns, rows));
    }
  });

/** Every page of a block's results. */
export async function allResults(api: Api, run: string, block?: string): Promise<Page> {
  const payloads: Page['payloads'] = [];
  let next: string | undefined;
  let named: string;
  do {
    const query = new URLSearchParams({
      limit: '200',
      ...(block === undefined ? {} : { block }),
      ...(next === undefined ? {} : { cursor: next }),
    });
    const page = await api.get<Page>(`/api/runs/${encodeURIComponent(run)}/results?${query.toString()}`);
    payloads.push(...page.payloads);
    named = page.block;
    next = page.next;
  } while (next !== undefined);
  return { block: named, payloads };
}

/** Puts the whole result of the block in the place of its reference. */
async function loadKept(api: Api, of: Page & { run: string }): Promise<void> {
  for (const { key, blockResults } of of.payloads) {
    const value = blockResults[of.block] as { ref?: Record<string, unknown> } | null;
    if (typeof value?.ref?.['object'] !== 'string') continue;
    const query = new URLSearchParams({ block: of.block, key });
    const path = `/api/runs/${encodeURIComponent(of.run)}/results/value?${query.toString()}`;
    blockResults[of.block] = await api.get(path);
  }
}

function flatten(result: unknown): Record<string, unknown> {
  return result !== null && typeof result === 'object' && !Array.isArray(result)
    ? { ...(result as Record<string, unknown>) }
    : { result };
}

function textOf(row: readonly unknown[]): string[] {
  return row.map((value) =>
    value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value),
  );
}
