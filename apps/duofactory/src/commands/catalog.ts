import { Command, Option } from 'commander';
import { Api } from '../client/api.js';
import { UsageError } from '../terminal/command-errors.js';
import { printable } from '../terminal/printable.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions, number } from './options.js';

interface Episode {
  readonly id: string;
  readonly course: string;
  readonly node: string;
  readonly slot: number;
  readonly wrapper: string;
  readonly title: string | null;
  readonly viability: number | null;
  readonly version: number | null;
  readonly status: string;
  readonly pipelineStatus: string | null;
  readonly attempts: number;
  readonly updatedAt: string;
}

interface Filters {
  readonly course?: string;
  readonly node?: string;
  readonly wrapper?: string;
  readonly status?: string;
  readonly name?: string;
}

interface Environment extends CommonOptions {
  readonly environment: string;
}

interface ActionsAnswer {
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly results: readonly {
    readonly episode: string;
    readonly outcome: string;
    readonly version?: number | null;
    readonly problem?: { readonly detail?: string };
  }[];
}

interface ReviewsAnswer {
  readonly asked: number;
  readonly refused: number;
  readonly results: ActionsAnswer['results'];
}

const environmentOption = (): Option =>
  new Option('--environment <name>', 'where the episodes are').choices(['dev', 'prod']).default('dev');

function withFilters(command: Command): Command {
  return command
    .addOption(environmentOption())
    .option('--course <id>', 'only of this course')
    .option('--node <id>', 'only of this node')
    .option('--wrapper <show>', 'only of this show')
    .option('--status <status>', 'publishing, published, unpublished or recalled')
    .option('--name <text>', 'only with this in the title')
    .addOption(urlOption())
    .addOption(jsonOption());
}

const list = withFilters(new Command('list'))
  .description('Episodes, last changed first')
  .option('--by <what>', 'counted by course, node, level, wrapper, status, slot or pipelineStatus')
  .option('--limit <count>', 'how many', '50')
  .action(
    async ({ url, json, by, limit, ...filters }: Environment & Filters & { by?: string; limit: string }) => {
      const api = new Api(url);
      if (by !== undefined) {
        const query = new URLSearchParams({ ...filters, by });
        const { groups } = await api.get<{
          groups: { value: string | null; episodes: number; published: number; viability: number | null }[];
        }>(`/api/episodes/groups?${query.toString()}`);
        if (json) return printJson(groups);
        const rows = groups.map(({ value, episodes, published, viability }) => [
          ...[value ?? '(none)', episodes, published, viability?.toFixed(2) ?? ''],
        ]);
        process.stdout.write(tableOf([by, 'episodes', 'published', 'viability'], rows));
        return;
      }
      const query = new URLSearchParams({ ...filters, limit });
      const { episodes } = await api.get<{ episodes: Episode[] }>(`/api/episodes?${query.toString()}`);
      if (json) return printJson(episodes);
      const rows = episodes.map((one) => [
        ...[one.id, `${one.course}/${one.node}`, one.slot, one.wrapper, one.title ?? ''],
        ...[one.viability?.toFixed(2) ?? '', one.status, one.version ?? '', one.pipelineStatus ?? ''],
        ...[one.attempts, one.updatedAt],
      ]);
      const head = ['episode', 'node', 'slot', 'wrapper', 'name', 'viability', 'status', 'version', 'run'];
      process.stdout.write(tableOf([...head, 'attempts', 'changed'], rows));
    },
  );

type ActOptions = Environment & Filters & { to?: string; version?: string; replace?: boolean };

/** Given episodes, or all that the filters match. */
async function act(action: string, ids: readonly string[], options: ActOptions): Promise<void> {
  const { url, json, environment, to, version, replace, ...where } = options;
  const answer = await new Api(url).post<ActionsAnswer>('/api/episodes/actions', {
    ...{ action, environment, ...whichOf(ids, where) },
    ...(to === undefined ? {} : { to }),
    ...number('version', version),
    ...(replace === undefined ? {} : { replace }),
  });
  if (answer.refused > 0) process.exitCode = 1;
  if (json) return printJson(answer);
  tellRefusals(answer.results);
  process.stdout.write(
    `${answer.changed} changed, ${answer.unchanged} as they were, ${answer.refused} refused\n`,
  );
}

function whichOf(ids: readonly string[], where: object): object {
  const filtered = Object.keys(where).length > 0;
  if (ids.length === 0 && !filtered)
    throw new UsageError('Say which: ids of episodes, or filters such as --course');
  if (ids.length > 0 && filtered) throw new UsageError('Give ids of episodes or filters, not both');
  return ids.length > 0 ? { episodes: ids } : { where };
}

function tellRefusals(results: ActionsAnswer['results']): void {
  for (const { episode, problem } of results)
    if (problem) process.stderr.write(`${episode}: ${problem.detail ?? 'refused'}\n`);
}

const publish = withFilters(new Command('publish'))
  .description('Give readers who have none the newest version')
  .argument('[episodes...]', 'ids; or none, and filters')
  .option('--replace', 'unpublish what has their slots')
  .action((ids: string[], options: ActOptions) => act('publish', ids, options));

const promote = withFilters(new Command('promote'))
  .description('Bring what readers of one environment have to another')
  .argument('[episodes...]', 'ids; or none, and filters')
  .addOption(new Option('--to <name>', 'where to').choices(['dev', 'prod']).default('prod'))
  .option('--replace', 'unpublish what has their slots there')
  .action((ids: string[], options: ActOptions) => act('promote', ids, options));

const unpublish = withFilters(new Command('unpublish'))
  .description('Take episodes from their readers; their versions stay')
  .argument('[episodes...]', 'ids; or none, and filters')
  .action((ids: string[], options: ActOptions) => act('unpublish', ids, options));

const rollback = withFilters(new Command('rollback'))
  .description('Give readers an earlier version again')
  .argument('[episodes...]', 'ids; or none, and filters')
  .option('--version <number>', 'which; default: the one before')
  .option('--replace', 'unpublish what has their slots')
  .action((ids: string[], options: ActOptions) => act('rollback', ids, options));

const review = withFilters(new Command('review'))
  .description('Have people review episodes once more; what they approve is published')
  .argument('[episodes...]', 'ids; or none, and filters')
  .action(async (ids: string[], options: Environment & Filters) => {
    const { url, json, environment, ...where } = options;
    const which = whichOf(ids, where);
    const answer = await new Api(url).post<ReviewsAnswer>('/api/episodes/reviews', { environment, ...which });
    if (answer.refused > 0) process.exitCode = 1;
    if (json) return printJson(answer);
    tellRefusals(answer.results);
    process.stdout.write(`${answer.asked} wait for a person, ${answer.refused} refused\n`);
  });

const move = new Command('move')
  .description('Put an episode into another slot of its node')
  .argument('<episode>')
  .argument('<slot>')
  .option('--swap', 'what has the slot gets the one of this episode')
  .addOption(environmentOption())
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(
    async (id: string, slot: string, { url, json, environment, swap }: Environment & { swap?: boolean }) => {
      const episode = await new Api(url).patch<Episode>(
        `/api/episodes/${encodeURIComponent(id)}?environment=${environment}`,
        { ...number('slot', slot), ...(swap === undefined ? {} : { swap }) },
      );
      if (json) printJson(episode);
      else process.stdout.write(`${episode.id} has slot ${episode.slot} of ${episode.node}\n`);
    },
  );

const rename = new Command('rename')
  .description('Give an episode another name')
  .argument('<episode>')
  .argument('<name>')
  .addOption(environmentOption())
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, title: string, { url, json, environment }: Environment) => {
    const episode = await new Api(url).patch<Episode>(
      `/api/episodes/${encodeURIComponent(id)}?environment=${environment}`,
      { title },
    );
    if (json) printJson(episode);
    else process.stdout.write(`${episode.id} is "${printable(episode.title ?? '')}"\n`);
  });

export const catalog = new Command('catalog')
  .description('Published episodes: find, review, publish, promote, unpublish, roll back, move, rename')
  .addCommand(list, { isDefault: true })
  .addCommand(review)
  .addCommand(publish)
  .addCommand(promote)
  .addCommand(unpublish)
  .addCommand(rollback)
  .addCommand(move)
  .addCommand(rename);
