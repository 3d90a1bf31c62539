import { Command } from 'commander';
import { Api } from '../client/api.js';
import { RefusedInPart, UsageError } from '../terminal/command-errors.js';
import { printable } from '../terminal/printable.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';

interface Letter {
  readonly id: string;
  readonly topic: string;
  readonly group: string;
  readonly partition?: number;
  readonly offset?: number;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly attempts: number;
  readonly parkedAt: string;
}
interface Envelope extends Letter {
  readonly key: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly encoding: string;
  readonly omittedBytes?: number;
}

/** `topic/partition@offset`; on the local bus, the topic. */
const placeOf = ({ topic, partition, offset }: Letter): string =>
  partition === undefined ? topic : `${topic}/${partition}@${offset}`;

/** Newest first. */
async function allLetters(api: Api): Promise<Letter[]> {
  const letters: Letter[] = [];
  let next: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '200', ...(next === undefined ? {} : { cursor: next }) });
    const page = await api.get<{ deadLetters: Letter[]; next?: string }>(
      `/api/dead-letters?${query.toString()}`,
    );
    letters.push(...page.deadLetters);
    next = page.next;
  } while (next !== undefined);
  return letters;
}

interface Redriven {
  readonly redriven: string[];
  readonly refused: { readonly id: string; readonly message: string }[];
}
const AT_ONCE = 100;

const list = new Command('list')
  .description('Messages that a service gave up on, newest first')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json }: CommonOptions) => {
    const letters = await allLetters(new Api(url));
    if (json) return printJson(letters);
    const rows = letters.map((one) => [one.id, placeOf(one), one.group, one.errorCode, one.parkedAt]);
    process.stdout.write(tableOf(['id', 'place', 'group', 'error', 'parked at'], rows));
  });

const show = new Command('show')
  .description('A message as it came, and why it was parked')
  .argument('<id>')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json }: CommonOptions) => {
    const letter = await new Api(url).get<Envelope>(`/api/dead-letters/${encodeURIComponent(id)}`);
    if (json) return printJson(letter);
    const { group, attempts, errorCode, errorMessage, key, headers, body, encoding, omittedBytes } = letter;
    const lines = [
      `${placeOf(letter)}, not handled by ${group} after ${attempts} attempts`,
      `${errorCode}: ${errorMessage}`,
      `key: ${key}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      ...(omittedBytes === undefined
        ? [`body (${encoding}):`, body]
        : [`body: ${omittedBytes} bytes, too large to be kept here`]),
    ];
    process.stdout.write(`${lines.map(printable).join('\n')}\n`);
  });

const redrive = new Command('redrive')
  .description('Send messages again, as they came: those named, or all')
  .argument('[ids...]')
  .option('--all', 'every dead letter')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (ids: string[], { url, json, all }: CommonOptions & { all?: boolean }) => {
    if (!all && ids.length === 0) throw new UsageError('Name dead letters by their ids, or give --all');
    const api = new Api(url);
    // Messages of one key in the order in which they came.
    const wanted = all ? (await allLetters(api)).map(({ id }) => id).reverse() : ids;
    const said: Redriven = { redriven: [], refused: [] };
    for (let from = 0; from < wanted.length; from += AT_ONCE) {
      const some = { ids: wanted.slice(from, from + AT_ONCE) };
      const { redriven, refused } = await api.post<Redriven>('/api/dead-letters/redrives', some);
      said.redriven.push(...redriven);
      said.refused.push(...refused);
    }
    if (json) printJson(said);
    else process.stdout.write(`${said.redriven.length} sent again\n`);
    if (said.refused.length === 0) return;
    const reasons = said.refused.map(({ id, message }) => `${id}: ${message}`);
    throw new RefusedInPart(`${said.refused.length} not sent again:\n${reasons.join('\n')}`);
  });

export const deadLetters = new Command('dead-letters')
  .description('Messages that a service gave up on')
  .addCommand(list)
  .addCommand(show)
  .addCommand(redrive);
