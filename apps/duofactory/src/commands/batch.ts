import { SingleBar } from 'cli-progress';
import { Command, Option } from 'commander';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { setTimeout as pauseFor } from 'node:timers/promises';
import { Api, ServerAway } from '../client/api.js';
import { RunNotCompleted, UsageError } from '../terminal/command-errors.js';
import { printable } from '../terminal/printable.js';
import { tableOf } from '../terminal/table.js';
import {
  actingAs,
  jsonOption,
  printJson,
  urlOption,
  userOption,
  type CommonOptions,
  numberOf,
} from './options.js';

interface Batch {
  readonly id: string;
  readonly name: string | null;
  readonly workflow: string;
  readonly version: number;
  readonly status: string;
  readonly reason: string | null;
  readonly createdAt: string;
  readonly cost: number;
  readonly items: Record<
    'total' | 'waiting' | 'running' | 'completed' | 'partial' | 'failed' | 'cancelled' | 'skipped',
    number
  >;
}

const OVER = new Set(['completed', 'partial', 'cancelled', 'paused']);
const LOOK_EVERY_MS = 500;
/** A host that restarts, or is too busy to answer, ends nobody's wait. */
const MOST_LOOKS_IN_VAIN = 120;

interface StartOptions extends CommonOptions {
  readonly from?: string;
  readonly list?: string;
  readonly where?: string;
  readonly input: string[];
  readonly name?: string;
  readonly concurrency?: string;
  readonly maxCost?: string;
  readonly existing?: string;
  readonly idempotencyKey?: string;
  readonly user: string;
  readonly wait?: boolean;
}

const start = new Command('start')
  .description('Run a workflow over a list of inputs')
  .argument('<workflow>', 'id, or id@version')
  .option(
    '--from <file>',
    'inputs: .csv (a column an input), .json (an array) or .jsonl; - is CSV from standard input',
  )
  .option(
    '--list <path>',
    'inputs from the product, as GET /api/<path> gives them: tables/units/rows, course-data/en-es, episodes?course=en-es',
  )
  .option('--where <expression>', 'with --list: JSONata that sees a row; only those for which it is true')
  .option(
    '-i, --input <name=template>',
    'with --list: an input from a row, such as node={{id}}; may be given several times',
    (value: string, before: string[]) => [...before, value],
    [] as string[],
  )
  .option('--name <name>', 'how people call it')
  .option('--concurrency <n>', 'how many runs at a time (default: 10)')
  .option('--max-cost <dollars>', 'pause once so much is spent')
  .addOption(
    new Option(
      '--existing <what>',
      'inputs that were run before: run all, skip those done, only those that failed',
    )
      .choices(['all', 'skip', 'failed'])
      .default('all'),
  )
  .option('--idempotency-key <key>', 'the same key and list: the same batch')
  .option('--wait', 'stay until it has ended or paused, and show how it goes')
  .addOption(userOption())
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (workflow: string, options: StartOptions) => {
    const { url, name, concurrency, maxCost, existing, user, idempotencyKey = randomUUID() } = options;
    const api = new Api(url);
    const body = {
      workflow,
      ...(await listOf(options)),
      ...(name === undefined ? {} : { name }),
      ...(concurrency === undefined ? {} : { concurrency: numberOf('concurrency', concurrency) }),
      ...(maxCost === undefined ? {} : { maxCost: numberOf('max-cost', maxCost) }),
      ...(existing === undefined ? {} : { existing }),
    };
    await told(
      api,
      await api.post<Batch>('/api/batches', body, {
        'idempotency-key': idempotencyKey,
        ...actingAs(user),
      }),
      options,
    );
  });

function command(name: 'pause' | 'resume' | 'cancel' | 'retry', description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<batch>', 'id of the batch')
    .option('--wait', 'stay until it has ended or paused, and show how it goes')
    .addOption(userOption())
    .addOption(urlOption())
    .addOption(jsonOption())
    .action(async (id: string, options: CommonOptions & { wait?: boolean; user: string }) => {
      const api = new Api(options.url);
      const path = `/api/batches/${encodeURIComponent(id)}/${name}`;
      await told(api, await api.post<Batch>(path, undefined, actingAs(options.user)), options);
    });
}

const limit = new Command('limit')
  .description('Change how many runs go on at a time, or the cap of cost')
  .argument('<batch>', 'id of the batch')
  .option('--concurrency <n>', 'how many runs at a time')
  .option('--max-cost <dollars>', 'pause once so much is spent')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, options: CommonOptions & Pick<StartOptions, 'concurrency' | 'maxCost'>) => {
    const { url, json, concurrency, maxCost } = options;
    const limits = {
      ...(concurrency === undefined ? {} : { concurrency: numberOf('concurrency', concurrency) }),
      ...(maxCost === undefined ? {} : { maxCost: numberOf('max-cost', maxCost) }),
    };
    if (Object.keys(limits).length === 0) throw new UsageError('Give --concurrency or --max-cost');
    const batch = await new Api(url).patch<Batch>(`/api/batches/${encodeURIComponent(id)}`, limits);
    if (json) printJson(batch);
    else process.stdout.write(`${lineOf(batch)}\n`);
  });

const show = new Command('show')
  .description('How a batch goes, and its items that failed')
  .argument('<batch>', 'id of the batch')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json }: CommonOptions) => {
    const api = new Api(url);
    const path = `/api/batches/${encodeURIComponent(id)}`;
    const batch = await api.get<Batch>(path);
    if (json) return printJson(batch);
    process.stdout.write(`${lineOf(batch)}\n`);
    const { items } = await api.get<{ items: { ord: number; run: string; inputs: object; error: string }[] }>(
      `${path}/items?status=failed&limit=20`,
    );
    const rows = items.map(({ ord, run, inputs, error }) => [ord, run, JSON.stringify(inputs), error]);
    if (rows.length > 0) process.stdout.write(tableOf(['item', 'run', 'inputs', 'reason'], rows));
  });

const list = new Command('list')
  .description('Batches, newest first')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json }: CommonOptions) => {
    const { batches } = await new Api(url).get<{ batches: Batch[] }>('/api/batches?limit=50');
    if (json) return printJson(batches);
    const rows = batches.map(({ id, name, workflow, version, status, items }) => [
      id,
      name ?? '',
      `${workflow}@${version}`,
      status,
      `${doneOf(items)}/${items.total}`,
      items.failed,
    ]);
    process.stdout.write(tableOf(['batch', 'name', 'workflow', 'status', 'done', 'failed'], rows));
  });

export const batch = new Command('batch')
  .description('One workflow over a list of inputs')
  .addCommand(start)
  .addCommand(list)
  .addCommand(show)
  .addCommand(limit)
  .addCommand(command('pause', 'Begin nothing more, and pause the runs that go on'))
  .addCommand(command('resume', 'Go on with a paused batch'))
  .addCommand(command('cancel', 'Begin nothing more, and cancel the runs that go on'))
  .addCommand(command('retry', 'Go on with what failed, was cancelled or is partial'));

async function told(
  api: Api,
  batch: Batch,
  { json, wait }: CommonOptions & { wait?: boolean },
): Promise<void> {
  const shown = wait ? await waitFor(api, batch, json ? undefined : process.stderr) : batch;
  if (json) printJson(shown);
  else process.stdout.write(wait ? `${lineOf(shown)}\n` : `${shown.id}\n`);
  if (!wait || shown.status === 'completed') return;
  const reason = `${shown.items.failed} failed, ${shown.items.partial} partial, ${shown.items.cancelled} cancelled`;
  throw new RunNotCompleted(
    shown.status === 'partial' ? 'partial' : 'failed',
    printable(shown.reason ?? reason),
  );
}

/** A bar on a terminal; elsewhere the end alone is told. */
async function waitFor(api: Api, started: Batch, output: NodeJS.WriteStream | undefined): Promise<Batch> {
  const bar = output?.isTTY
    ? new SingleBar({
        stream: output,
        format: '  {bar} {value}/{total}  {failed} failed  ${cost}',
        hideCursor: true,
      })
    : undefined;
  bar?.start(started.items.total, 0, { failed: 0, cost: '0.00' });
  try {
    for (let batch = started, inVain = 0; ;) {
      bar?.update(doneOf(batch.items), { failed: batch.items.failed, cost: batch.cost.toFixed(2) });
      if (OVER.has(batch.status)) return batch;
      await pauseFor(LOOK_EVERY_MS);
      try {
        batch = await api.get<Batch>(`/api/batches/${started.id}`);
        inVain = 0;
      } catch (error) {
        inVain += 1;
        if (!(error instanceof ServerAway) || inVain > MOST_LOOKS_IN_VAIN) throw error;
      }
    }
  } finally {
    bar?.stop();
  }
}

async function listOf({ from, list, where, input }: StartOptions): Promise<object> {
  if ((from === undefined) === (list === undefined))
    throw new UsageError('Give the inputs by --from <file> or by --list <path>');
  if (from !== undefined) {
    if (where !== undefined || input.length > 0) throw new UsageError('--where and --input go with --list');
    return listIn(from);
  }
  const inputs = input.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`--input "${pair}" is no name=template`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  const source = {
    list,
    ...(where === undefined ? {} : { where }),
    ...(inputs.length > 0 ? { inputs: Object.fromEntries(inputs) } : {}),
  };
  return { source };
}

async function listIn(file: string): Promise<{ csv: string } | { items: unknown[] }> {
  if (file === '-') return { csv: await textOf(process.stdin) };
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(`--from ${file}: ${error.message}`);
  });
  try {
    switch (extname(file)) {
      case '.csv':
        return { csv: text };
      case '.json':
        return { items: JSON.parse(text) as unknown[] };
      case '.jsonl':
        return {
          items: text
            .split('\n')
            .filter((line) => line.trim() !== '')
            .map((line) => JSON.parse(line) as unknown),
        };
    }
  } catch (error) {
    throw new UsageError(`--from ${file}: ${(error as Error).message}`);
  }
  throw new UsageError(`--from ${file}: its name must end in .csv, .json or .jsonl`);
}

async function textOf(stream: NodeJS.ReadStream): Promise<string> {
  let text = '';
  for await (const part of stream.setEncoding('utf8')) text += part as string;
  return text;
}

function doneOf({ total, waiting, running }: Batch['items']): number {
  return total - waiting - running;
}

function lineOf({ id, status, reason, items, cost }: Batch): string {
  const counts = Object.entries(items)
    .filter(([name, count]) => name !== 'total' && count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
  return printable(
    `${id} ${status}: ${counts} of ${items.total}, $${cost.toFixed(2)}${reason === null ? '' : ` (${reason})`}`,
  );
}
