import { Command } from 'commander';
import { Api } from '../client/api.js';
import { printable } from '../terminal/printable.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';
import { inputsOf } from './run.js';

interface Trigger {
  readonly id: string;
  readonly topic: string;
  readonly type: string;
  readonly source: string | null;
  readonly when: string | null;
  readonly workflow: string;
  readonly paused: boolean;
}

interface SetOptions extends CommonOptions {
  readonly topic: string;
  readonly type: string;
  readonly source?: string;
  readonly when?: string;
  readonly workflow: string;
  readonly input: string[];
  readonly paused?: boolean;
}

const set = new Command('set')
  .description('Make or replace a trigger')
  .argument('<id>', 'kebab-case')
  .requiredOption('--topic <topic>', 'where the events come')
  .requiredOption('--type <type>', "the CloudEvent's type")
  .option('--source <source>', 'only from this source')
  .option('--when <expression>', 'JSONata that sees the event: only if it is true')
  .requiredOption('--workflow <workflow>', 'id, or id@version')
  .option(
    '-i, --input <name=template>',
    'an input from the event, such as node={{data.unit}}, or a value of its own; may be given several times',
    (value: string, before: string[]) => [...before, value],
    [] as string[],
  )
  .option('--paused', 'keep it, and start nothing')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json, input, paused = false, ...options }: SetOptions) => {
    const api = new Api(url);
    const inputs = await inputsOf(api, options.workflow, input);
    const body = JSON.stringify({ ...options, inputs, paused });
    const path = `/api/triggers/${encodeURIComponent(id)}`;
    const trigger = await api.put<Trigger>(path, body, 'application/json');
    if (json) printJson(trigger);
    else process.stdout.write(`${printable(trigger.id)} starts ${printable(trigger.workflow)}\n`);
  });

const list = new Command('list')
  .description('Triggers: events that start runs')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json }: CommonOptions) => {
    const { triggers } = await new Api(url).get<{ triggers: Trigger[] }>('/api/triggers');
    if (json) return printJson(triggers);
    const rows = triggers.map(({ id, topic, type, source, when, workflow, paused }) => [
      ...[id, topic, type, source ?? '', when ?? ''],
      ...[workflow, paused ? 'paused' : ''],
    ]);
    process.stdout.write(tableOf(['trigger', 'topic', 'type', 'source', 'when', 'workflow', ''], rows));
  });

const remove = new Command('delete')
  .description('Delete a trigger; runs that it started stay')
  .argument('<id>')
  .addOption(urlOption())
  .action(async (id: string, { url }: CommonOptions) => {
    await new Api(url).delete(`/api/triggers/${encodeURIComponent(id)}`);
  });

export const trigger = new Command('trigger')
  .description('Runs by events')
  .addCommand(set)
  .addCommand(list)
  .addCommand(remove);
