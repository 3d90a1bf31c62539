import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { Api } from '../client/api.js';
import { ENDED, followRun, type Run } from '../client/runs.js';
import { RunNotCompleted, UsageError } from '../terminal/command-errors.js';
import { reasonOf, showProgress } from '../terminal/progress.js';
import { actingAs, jsonOption, printJson, urlOption, userOption, type CommonOptions } from './options.js';

interface RunOptions extends CommonOptions {
  readonly input: string[];
  readonly wait?: boolean;
  readonly idempotencyKey?: string;
  readonly user: string;
}

export const run = new Command('run')
  .description('Start a run of a workflow')
  .argument('<workflow>', 'id, id@version or id@draft')
  .option('-i, --input <name=value>', 'an input; may be given several times', collect, [])
  .option('--wait', 'stay until the run has ended, and show how it goes')
  .option('--idempotency-key <key>', 'the same key and inputs: the same run')
  .addOption(userOption())
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(
    async (workflow: string, { url, json, input, wait, idempotencyKey = randomUUID(), user }: RunOptions) => {
      const api = new Api(url);
      const started = await startRun(api, {
        workflow,
        inputs: await inputsOf(api, workflow, input),
        key: idempotencyKey,
        user,
      });
      if (!wait) {
        if (json) printJson(started);
        else process.stdout.write(`${started.id}\n`);
        return;
      }
      if (!json)
        process.stderr.write(
          `Run ${started.id} of ${started.workflow}@${started.published ? started.version : 'draft'}\n`,
        );
      const ended = await waitForRun(api, started, json ? undefined : process.stderr);
      if (json) printJson(ended);
      else process.stdout.write(`${ended.id} ${ended.status}\n`);
      if (ended.status !== 'completed') throw new RunNotCompleted(ended.status, reasonOf(ended));
    },
  );

export function startRun(
  api: Api,
  of: { workflow: string; inputs: Record<string, unknown>; key: string; user?: string },
): Promise<Run> {
  const { workflow, inputs, key, user } = of;
  const headers = { 'idempotency-key': key, ...(user === undefined ? {} : actingAs(user)) };
  return api.post<Run>('/api/runs', { workflow, inputs }, headers);
}

/** Follows a run to its end, with live bars where an output is given. */
export async function waitForRun(api: Api, started: Run, output?: NodeJS.WriteStream): Promise<Run> {
  if (!ENDED.has(started.status)) {
    const progress = output && showProgress(started.blocks, output);
    try {
      for await (const update of followRun(api, started.id)) progress?.show(update);
    } finally {
      progress?.end();
    }
  }
  return api.get<Run>(`/api/runs/${started.id}`);
}

/** Values by the types that the workflow declares: text stays text, all else is read as JSON. */
export async function inputsOf(
  api: Api,
  workflow: string,
  given: readonly string[],
): Promise<Record<string, unknown>> {
  if (given.length === 0) return {};
  const [id, version] = workflow.split('@');
  const { definition } = await api.get<{ definition: { inputs?: Record<string, { type: string }> } }>(
    `/api/workflows/${id}${version === undefined ? '' : version === 'draft' ? '/draft' : `/versions/${version}`}`,
  );
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError(`--input "${pair}" is no name=value`);
      const name = pair.slice(0, at);
      const text = pair.slice(at + 1);
      const type = definition.inputs?.[name]?.type;
      return [name, type === undefined || type === 'string' ? text : parsed(name, type, text)];
    }),
  );
}

function parsed(name: string, type: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // A trigger's template, which becomes a value of any type.
    if (text.includes('{{')) return text;
    throw new UsageError(`--input ${name}: "${text}" is no ${type}: write JSON`);
  }
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
