import { Command, Option } from 'commander';
import { readFile } from 'node:fs/promises';
import { Api } from '../client/api.js';
import { UsageError } from '../terminal/command-errors.js';
import { tableOf } from '../terminal/table.js';
import { inputsOf } from './run.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';

interface Sum {
  readonly name: string | null;
  readonly calls: number;
  readonly cost: number;
  readonly unpriced: number;
  readonly replays: number;
  readonly saved: number;
  readonly ambiguous: number;
}

interface Call {
  readonly id: string;
  readonly state: string;
  readonly run: string | null;
  readonly block: string;
  readonly key: string;
  readonly prompt: string | null;
  readonly voice: string | null;
  readonly interruptedCalls: readonly string[];
  readonly interruptedAt: string | null;
}

interface LedgerOptions extends CommonOptions {
  readonly by: string;
  readonly run?: string;
  readonly workflow?: string;
  readonly prompt?: string;
  readonly kind?: string;
  readonly voice?: string;
  readonly since?: string;
  readonly limit: string;
}

const sums = new Command('sums')
  .description(
    'What runs, workflows, blocks, prompt versions, models, voices or days cost, and what was saved',
  )
  .addOption(
    new Option('--by <what>', 'what to sum up by')
      .choices(['run', 'workflow', 'block', 'prompt', 'model', 'voice', 'engine', 'kind', 'day'])
      .default('run'),
  )
  .option('--run <id>', 'only this run')
  .option('--workflow <id>', 'only runs of this workflow')
  .option('--prompt <id@version>', 'only this version of a prompt')
  .addOption(new Option('--kind <kind>', 'only models, or only speech').choices(['model', 'speech']))
  .option('--voice <name>', 'only this voice')
  .option('--since <time>', 'only calls from this time on, such as 2026-05-01')
  .option('--limit <count>', 'so many lines', '50')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json, ...query }: LedgerOptions) => {
    const page = await new Api(url).get<{ total: Sum; groups: Sum[] }>(
      `/api/ledger?${new URLSearchParams({ ...query }).toString()}`,
    );
    if (json) return printJson(page);
    const rows = [...page.groups, { ...page.total, name: 'all' }].map((sum) => [
      ...[sum.name ?? '(none)', sum.calls, costOf(sum), sum.replays, dollars(sum.saved), sum.ambiguous],
    ]);
    process.stdout.write(tableOf([query.by, 'calls', 'cost', 'replayed', 'saved', 'ambiguous'], rows));
  });

const ambiguous = new Command('ambiguous')
  .description('Calls whose end nobody saw, by the request id that the vendor was told')
  .option('--all', 'those too that were made again or decided since')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json, all }: CommonOptions & { all?: boolean }) => {
    const calls: Call[] = [];
    const api = new Api(url);
    for (let cursor: string | undefined, more = true; more;) {
      const query = new URLSearchParams({
        ...{ state: all ? 'interrupted' : 'ambiguous', limit: '200' },
        ...(cursor === undefined ? {} : { cursor }),
      });
      const page = await api.get<{ calls: Call[]; next?: string }>(`/api/ledger/calls?${query.toString()}`);
      calls.push(...page.calls);
      cursor = page.next;
      more = cursor !== undefined;
    }
    if (json) return printJson(calls);
    for (const { id, state, run, block, key, prompt, voice, interruptedCalls, interruptedAt } of calls) {
      const spoken = voice === null ? undefined : `voice ${voice}`;
      const of = [prompt, spoken, run === null ? undefined : `run ${run}`, `block ${block}`, key].filter(
        Boolean,
      );
      process.stdout.write(
        tableOf(
          [id],
          [
            [`${state}, ${of.join(', ')}`],
            [`began ${interruptedAt}, told the vendor as`],
            ...interruptedCalls.map((call) => [call]),
          ],
        ),
      );
    }
    if (calls.length === 0) process.stdout.write('None\n');
  });

interface ResolveOptions extends CommonOptions {
  readonly retry?: boolean;
  readonly answer?: string;
}

const resolve = new Command('resolve')
  .description('Decide about an ambiguous call; runs that wait for it go on')
  .argument('<id>', 'of the call, as "ledger ambiguous" shows it')
  .option('--retry', 'make it again: if the first was paid, it is paid twice')
  .option('--answer <file>', 'what the model said, from the log of the vendor; speech has none')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json, retry, answer }: ResolveOptions) => {
    if ((retry === true) === (answer !== undefined))
      throw new UsageError('Say what to do: --retry, or --answer <file>');
    const body =
      answer === undefined ? { decision: 'retry' } : { decision: 'answer', text: await textOf(answer) };
    const call = await new Api(url).post<Call>(
      `/api/ledger/calls/${encodeURIComponent(id)}/resolution`,
      body,
    );
    if (json) printJson(call);
    else process.stdout.write(`${call.id} ${call.state}\n`);
  });

interface Estimate {
  readonly blocks: readonly {
    block: string;
    basis: string;
    runs: number;
    calls: number | null;
    tokens: number | null;
    cost: { mean: number; highest: number } | null;
  }[];
  readonly total: { readonly mean: number; readonly highest: number; readonly unknown: readonly string[] };
}

interface WorkflowBlock {
  readonly id: string;
  readonly type: string;
  readonly times?: number;
  readonly with?: { readonly prompt?: string };
}

const estimate = new Command('estimate')
  .description('What a run will cost: from past runs of its blocks, else from its prompts, one payload each')
  .argument('<workflow>', 'id, or id@version')
  .option('-i, --input <name=value>', 'an input; may be given several times', collect, [])
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (workflow: string, { url, json, input }: CommonOptions & { input: string[] }) => {
    const api = new Api(url);
    const [id, version] = workflow.split('@');
    const { definition } = await api.get<{ definition: { blocks: WorkflowBlock[] } }>(
      version === undefined ? `/api/workflows/${id}` : `/api/workflows/${id}/versions/${version}`,
    );
    const blocks = definition.blocks
      .filter(({ type }) => type === 'prompt' || type === 'evaluate')
      .map(({ id: block, times = 1, with: { prompt } = {} }) => ({
        block,
        times,
        ...(prompt ? { prompt } : {}),
      }));
    const inputs = await inputsOf(api, workflow, input);
    const said = await api.post<Estimate>('/api/ledger/estimates', { workflow: id, inputs, blocks });
    if (json) return printJson(said);
    const rows = said.blocks.map(({ block, basis, runs, calls, tokens, cost }) => [
      ...[block, basis === 'past-runs' ? `${runs} past runs` : basis, calls ?? '', tokens ?? ''],
      ...(cost ? [dollars(cost.mean), dollars(cost.highest)] : ['unknown', 'unknown']),
    ]);
    const { mean, highest, unknown } = said.total;
    const all = [
      'all',
      unknown.length > 0 ? `without ${unknown.join(', ')}` : '',
      '',
      '',
      dollars(mean),
      dollars(highest),
    ];
    process.stdout.write(tableOf(['block', 'from', 'calls', 'tokens', 'cost', 'highest'], [...rows, all]));
  });

export const ledger = new Command('ledger')
  .description('What models and voices cost, what was saved, and calls whose end nobody saw')
  .addCommand(sums, { isDefault: true })
  .addCommand(ambiguous)
  .addCommand(resolve)
  .addCommand(estimate);

function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => {
    throw new UsageError(`--answer: there is no file ${path}`);
  });
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** A price that nobody knows is told as such. */
function costOf({ cost, unpriced }: Sum): string {
  return unpriced === 0 ? dollars(cost) : `${dollars(cost)} and ${unpriced} calls of unknown price`;
}

const dollars = (amount: number): string => `$${amount.toFixed(4)}`;
