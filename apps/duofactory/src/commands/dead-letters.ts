import { Command } from 'commander';
import { Api } from '../client/api.js';
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

const list = new Command('list')
  .description('Messages that a service gave up on, oldest first')
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
    const api = new Api(url);
    const wanted = all ? (await allLetters(api)).map(({ id }) => id) : ids;
    for (const id of wanted) await api.post(`/api/dead-letters/${encodeURIComponent(id)}/redrive`);
    if (json) printJson({ redriven: wanted });
    else process.stdout.write(`${wanted.length} sent again\n`);
  });

export const deadLetters = new Command('dead-letters')
  .description('Messages that a service gave up on')
  .addCommand(list)
  .addCommand(show)
  .addCommand(redrive);
