import { Command, Option } from 'commander';
import { randomUUID } from 'node:crypto';
import { Api } from '../client/api.js';
import type { Run } from '../client/runs.js';
import { RunNotCompleted } from '../terminal/command-errors.js';
import { reasonOf } from '../terminal/progress.js';
import { printable } from '../terminal/printable.js';
import { tableOf } from '../terminal/table.js';
import { actingAs, jsonOption, printJson, urlOption, userOption, type CommonOptions } from './options.js';
import { inputsOf, waitForRun } from './run.js';

interface WaitOptions extends CommonOptions {
  readonly wait?: boolean;
  readonly user: string;
}

/** A command that a run may be given again and again: it changes what it says, once. */
function command(name: 'cancel' | 'pause' | 'resume' | 'retry', description: string): Command {
  return new Command(name)
    .description(description)
    .argument('<run>', 'id of the run')
    .option('--wait', 'stay until the run has ended, and show how it goes')
    .addOption(userOption())
    .addOption(urlOption())
    .addOption(jsonOption())
    .action(async (id: string, options: WaitOptions) => {
      const api = new Api(options.url);
      const path = `/api/runs/${encodeURIComponent(id)}/${name}`;
      await told(api, await api.post<Run>(path, undefined, actingAs(options.user)), options);
    });
}

export const cancel = command('cancel', 'Stop a run: nothing new is asked for, what is out settles');
export const pause = command('pause', 'Ask for nothing new until the run is resumed');
export const resume = command('resume', 'Go on with a paused run');
export const retry = command('retry', 'Go on with a failed or cancelled run: what failed is tried anew');

interface RerunOptions extends WaitOptions {
  readonly from?: string;
  readonly key?: string;
  readonly input: string[];
  readonly version?: string;
  readonly forecast?: boolean;
}

interface Forecast {
  readonly blocks: {
    block: string;
    reused: number;
    anew: number;
    byInput: number;
    cost: { anew: number | null; byInput: number | null };
  }[];
  readonly stops: string | null;
}

export const rerun = new Command('rerun')
  .description('Start a new run beside an ended one: what would come out the same is taken over')
  .argument('<run>', 'id of the run')
  .option('--from <block>', 'ask for this block anew, and for what follows from it')
  .option('--key <key>', 'only for payloads below this key')
  .option(
    '-i, --input <name=value>',
    "an input that differs from the run's; may be given several times",
    collect,
    [],
  )
  .addOption(new Option('--version <version>', 'pinned, latest, draft or a number').default('pinned'))
  .option('--forecast', 'say what would be taken over and what asked for, and start nothing')
  .option('--wait', 'stay until the run has ended, and show how it goes')
  .addOption(userOption())
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { from, key, input, version, forecast, ...options }: RerunOptions) => {
    const api = new Api(options.url);
    const path = `/api/runs/${encodeURIComponent(id)}`;
    const others = input.length === 0 ? {} : await inputsOf(api, await versionOf(api, path, version), input);
    const body = {
      ...(from === undefined ? {} : { from }),
      ...(key === undefined ? {} : { key }),
      ...(input.length === 0 ? {} : { inputs: others }),
      ...(version === undefined ? {} : { version }),
    };
    if (!forecast) {
      const headers = { 'idempotency-key': randomUUID(), ...actingAs(options.user) };
      const started = await api.post<Run>(`${path}/reruns`, body, headers);
      return told(api, started, options);
    }
    const said = await api.post<Forecast>(`${path}/reruns/forecast`, body);
    if (options.json) return printJson(said);
    const rows = said.blocks.map(({ block, reused, anew, byInput, cost }) => [
      ...[block, reused, anew, priceOf(cost.anew)],
      ...[byInput, priceOf(cost.byInput)],
    ]);
    const head = ['block', 'taken over', 'asked for', 'at about', 'if its input differs', 'at about'];
    process.stdout.write(tableOf(head, rows));
    if (said.stops !== null) process.stdout.write(`Then it would stop: ${printable(said.stops)}\n`);
  });

/** The version whose inputs are given, as `run` names it. */
async function versionOf(api: Api, path: string, wanted = 'pinned'): Promise<string> {
  const { workflow, version } = await api.get<Run>(path);
  return wanted === 'latest' ? workflow : `${workflow}@${wanted === 'pinned' ? version : wanted}`;
}

function priceOf(cost: number | null): string {
  return cost === null ? 'unknown' : `$${cost.toFixed(4)}`;
}

async function told(api: Api, run: Run, { wait, json }: WaitOptions): Promise<void> {
  const shown = wait ? await waitForRun(api, run, json ? undefined : process.stderr) : run;
  if (json) printJson(shown);
  else process.stdout.write(`${shown.id} ${shown.status}\n`);
  if (wait && shown.status !== 'completed') throw new RunNotCompleted(shown.status, reasonOf(shown));
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
