import { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parse, stringify } from 'yaml';
import { Api } from '../client/api.js';
import { UsageError } from '../terminal/command-errors.js';
import { printable } from '../terminal/printable.js';
import { tableOf } from '../terminal/table.js';
import { actingAs, jsonOption, printJson, urlOption, userOption, type CommonOptions } from './options.js';

interface Review {
  readonly task: string;
  readonly run: string;
  readonly block: string;
  readonly key: string;
  readonly title: string | null;
  readonly assignees: readonly string[];
  /** The block whose result may be edited. */
  readonly edits: string | null;
  readonly payload: Record<string, unknown>;
  readonly status: string;
  readonly dueAt: string | null;
  readonly claimedBy: string | null;
  readonly decision: Record<string, unknown> | null;
}

interface DecisionOptions extends CommonOptions {
  readonly comment?: string;
  readonly user: string;
}

const MOST = 500;

const list = new Command('list')
  .description('What waits for a decision, oldest first')
  .option('--assignee <name>', 'only what this person may decide')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json, assignee }: CommonOptions & { assignee?: string }) => {
    const query = new URLSearchParams({
      limit: String(MOST),
      ...(assignee === undefined ? {} : { assignee }),
    });
    const { reviews: open } = await new Api(url).get<{ reviews: Review[] }>(
      `/api/reviews?${query.toString()}`,
    );
    if (json) return printJson(open);
    const rows = open.map(({ task, run, block, key, title, assignees, dueAt, claimedBy }) => [
      ...[task, run, block, key, title ?? '', assignees.join(', '), dueAt ?? '', claimedBy ?? ''],
    ]);
    const head = ['task', 'run', 'block', 'key', 'title', 'assignees', 'expires at', 'claimed by'];
    process.stdout.write(tableOf(head, rows));
  });

const show = new Command('show')
  .description('What is to be decided about, as YAML')
  .argument('<task>', 'as `reviews list` names it')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (task: string, { url, json }: CommonOptions) => {
    const review = await new Api(url).get<Review>(pathOf(task));
    if (json) return printJson(review);
    const { title, run, block, key, status, edits, decision, payload } = review;
    const head = [
      ...(title === null ? [] : [title]),
      `${status}: block "${block}" of run ${run}${key === '' ? '' : `, payload ${key}`}`,
      ...(edits === null ? [] : [`"${edits}" may be edited`]),
      ...(decision === null ? [] : [`decision: ${JSON.stringify(decision)}`]),
    ];
    // YAML folds and quotes; what a terminal would obey is taken out of the text of models.
    process.stdout.write(`${head.map(printable).join('\n')}\n\n${printable(stringify(payload))}`);
  });

function decisionCommand(
  name: 'accept' | 'reject',
  decision: 'approve' | 'reject',
  description: string,
): Command {
  return new Command(name)
    .description(description)
    .argument('<task>', 'as `reviews list` names it')
    .option('--comment <text>', 'why')
    .addOption(userOption())
    .addOption(urlOption())
    .addOption(jsonOption())
    .action((task: string, options: DecisionOptions) => decide(task, { decision }, options));
}

const edit = new Command('edit')
  .description('Accept the payload with another result of the block that may be edited')
  .argument('<task>', 'as `reviews list` names it')
  .argument('<file>', 'the whole result, as YAML or JSON; - is standard input')
  .option('--comment <text>', 'why')
  .addOption(userOption())
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (task: string, file: string, options: DecisionOptions) => {
    await decide(task, { decision: 'approve', edits: await objectIn(file) }, options);
  });

export const reviews = new Command('reviews')
  .description('Payloads that wait for the decision of a person')
  .addCommand(list)
  .addCommand(show)
  .addCommand(decisionCommand('accept', 'approve', 'The payload goes on'))
  .addCommand(edit)
  .addCommand(decisionCommand('reject', 'reject', 'The payload ends'));

const pathOf = (task: string): string => `/api/reviews/${encodeURIComponent(task)}`;

async function decide(
  task: string,
  taken: { decision: 'approve' | 'reject'; edits?: object },
  { url, json, user, comment }: DecisionOptions,
): Promise<void> {
  const body = { ...taken, ...(comment === undefined ? {} : { comment }) };
  const review = await new Api(url).post<Review>(`${pathOf(task)}/decision`, body, actingAs(user));
  if (json) printJson(review);
  else process.stdout.write(`${printable(`${review.task} ${review.status}`)}\n`);
}

async function objectIn(file: string): Promise<object> {
  const source = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((error: Error) => {
    throw new UsageError(`${file}: ${error.message}`);
  });
  let value: unknown;
  try {
    value = parse(source);
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new UsageError(`${file}: give an object, as \`reviews show\` shows the block's result`);
  return value;
}
