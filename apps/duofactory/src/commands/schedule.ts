import { Command, Option } from 'commander';
import { Api } from '../client/api.js';
import { printable } from '../terminal/printable.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';
import { inputsOf } from './run.js';

interface Schedule {
  readonly id: string;
  readonly workflow: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly paused: boolean;
  /** null: the pattern has no further time. */
  readonly nextAt: string | null;
  readonly lastAt: string | null;
  readonly lastRun: string | null;
  readonly error: string | null;
}

interface SetOptions extends CommonOptions {
  readonly workflow: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly missed: string;
  readonly input: string[];
  readonly paused?: boolean;
}

const set = new Command('set')
  .description('Make or replace a schedule')
  .argument('<id>', 'kebab-case')
  .requiredOption('--workflow <workflow>', 'id, or id@version')
  .requiredOption(
    '--cron <expression>',
    'minute, hour, day, month, weekday: "0 6 * * 1-5"; or once: 2040-12-24T18:00:00',
  )
  .option('--time-zone <zone>', 'IANA name, such as Europe/Madrid', 'UTC')
  .addOption(
    new Option('--missed <what>', 'times that passed while nobody was there: start only the last, or all')
      .choices(['skip', 'run'])
      .default('skip'),
  )
  .option(
    '-i, --input <name=value>',
    'an input; may be given several times',
    (value: string, before: string[]) => [...before, value],
    [] as string[],
  )
  .option('--paused', 'keep it, and start nothing')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, options: SetOptions) => {
    const { url, json, workflow, cron, timeZone, missed, input, paused = false } = options;
    const api = new Api(url);
    const inputs = await inputsOf(api, workflow, input);
    const body = JSON.stringify({ workflow, inputs, cron, timeZone, missed, paused });
    const path = `/api/schedules/${encodeURIComponent(id)}`;
    const schedule = await api.put<Schedule>(path, body, 'application/json');
    if (json) printJson(schedule);
    else process.stdout.write(`${printable(schedule.id)} next at ${schedule.nextAt}\n`);
  });

const list = new Command('list')
  .description('Schedules with their next and last times')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json }: CommonOptions) => {
    const { schedules } = await new Api(url).get<{ schedules: Schedule[] }>('/api/schedules');
    if (json) return printJson(schedules);
    const rows = schedules.map(({ id, workflow, cron, timeZone, paused, nextAt, lastAt, error }) => [
      ...[id, workflow, cron, timeZone],
      ...[paused ? 'paused' : (nextAt ?? 'never'), lastAt ?? '', error ?? ''],
    ]);
    process.stdout.write(tableOf(['schedule', 'workflow', 'cron', 'zone', 'next', 'last', 'error'], rows));
  });

const remove = new Command('delete')
  .description('Delete a schedule; its runs stay')
  .argument('<id>')
  .addOption(urlOption())
  .action(async (id: string, { url }: CommonOptions) => {
    await new Api(url).delete(`/api/schedules/${encodeURIComponent(id)}`);
  });

export const schedule = new Command('schedule')
  .description('Runs by the clock')
  .addCommand(set)
  .addCommand(list)
  .addCommand(remove);
