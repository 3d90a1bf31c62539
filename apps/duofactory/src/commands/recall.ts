import { Command, Option } from 'commander';
import { Api } from '../client/api.js';
import { UsageError } from '../terminal/command-errors.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';

const INPUTS = ['prompt', 'evaluator', 'row', 'model', 'voice', 'run'] as const;

type RecallOptions = CommonOptions &
  Partial<Record<(typeof INPUTS)[number], string>> & {
    readonly environment?: string;
    readonly remedy: string;
    readonly reason: string;
    readonly yes?: boolean;
  };

interface Forecast {
  readonly seal: string;
  readonly earlierVersions: number;
  readonly episodes: readonly {
    readonly environment: string;
    readonly id: string;
    readonly course: string;
    readonly node: string;
    readonly slot: number;
    readonly title: string;
    readonly version: number;
    readonly then: number | null;
  }[];
}

export const recall = new Command('recall')
  .description('Take back all episodes that something went into; without --yes only say which')
  .option('--prompt <id@version>', 'a version of a prompt')
  .option('--evaluator <id@version>', 'a version of an evaluator')
  .option('--row <block=id>', 'a source row, such as "wrapper=Slow News"')
  .option('--model <provider/model>', 'a model')
  .option('--voice <provider/voice>', 'a voice')
  .option('--run <id>', 'a run')
  .addOption(new Option('--environment <name>', 'only here; default: all').choices(['dev', 'prod']))
  .addOption(
    new Option('--remedy <what>', 'what readers get then')
      .choices(['unpublish', 'rollback'])
      .default('unpublish'),
  )
  .option('--reason <text>', 'for those who read it later', '')
  .option('--yes', 'recall what this finds')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json, environment, remedy, reason, yes, ...given }: RecallOptions) => {
    const named = INPUTS.filter((name) => given[name] !== undefined);
    if (named.length !== 1) throw new UsageError(`Name one of --${INPUTS.join(', --')}`);
    const question = {
      ...{ input: { [named[0]!]: given[named[0]!] }, remedy, reason },
      ...(environment === undefined ? {} : { environments: [environment] }),
    };
    const api = new Api(url);
    const forecast = await api.post<Forecast>('/api/recalls', { ...question, dryRun: true });
    const done = yes
      ? await api.post<{ id: string }>('/api/recalls', { ...question, seal: forecast.seal })
      : undefined;
    if (json) return printJson(done ?? forecast);
    const rows = forecast.episodes.map((one) => [
      ...[one.environment, one.id, `${one.course}/${one.node}`, one.slot, one.title, one.version],
      one.then ?? 'none',
    ]);
    process.stdout.write(
      tableOf(['environment', 'episode', 'node', 'slot', 'name', 'version', 'then'], rows),
    );
    const { earlierVersions } = forecast;
    process.stdout.write(
      `${forecast.episodes.length} episodes, and ${earlierVersions} earlier versions that nobody can go back to then\n`,
    );
    process.stdout.write(done ? `Recalled: ${done.id}\n` : 'Nothing is changed: --yes recalls them\n');
  });
