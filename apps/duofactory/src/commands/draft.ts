import { Command } from 'commander';
import { stringify } from 'yaml';
import { Api, ApiProblem } from '../client/api.js';
import { readContent } from '../content/read-content.js';
import { UsageError } from '../terminal/command-errors.js';
import { printable } from '../terminal/printable.js';
import { actingAs, jsonOption, printJson, urlOption, userOption, type CommonOptions } from './options.js';

interface Draft {
  readonly workflow: string;
  readonly revision: number;
  readonly definition: Record<string, unknown>;
  /** null: nobody wrote it as text. */
  readonly yaml: string | null;
  readonly by: string;
  readonly at: string;
  readonly errors: readonly { field: string; message: string }[];
}

interface DraftOptions extends CommonOptions {
  readonly revision?: string;
  readonly overwrite?: boolean;
  readonly note?: string;
  readonly user: string;
}

const REVISION = ['--revision <number>', 'the revision that you have seen; another one is refused'] as const;

const show = new Command('show')
  .description('The draft as YAML, to standard output')
  .argument('<workflow>')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, { url, json }: CommonOptions) => {
    const draft = await new Api(url).get<Draft>(pathOf(id));
    if (json) return printJson(draft);
    process.stderr.write(told(draft));
    process.stdout.write(
      draft.yaml ?? stringify(draft.definition, { lineWidth: 120, aliasDuplicateObjects: false }),
    );
  });

const save = new Command('save')
  .description(
    'Save a workflow file as the draft of its workflow; it may be incomplete, and its comments are kept',
  )
  .argument('<file>')
  .option(...REVISION)
  .option('--overwrite', 'whatever draft there is')
  .addOption(userOption())
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (file: string, options: DraftOptions) => {
    const [content] = await readContent([file]);
    if (content?.kind !== 'workflow') throw new UsageError(`${file} is no workflow`);
    const expected = options.overwrite || options.revision !== undefined;
    const tag = expected ? { 'if-match': tagOf(options) } : { 'if-none-match': '*' };
    const body = JSON.stringify({ yaml: content.text });
    const api = new Api(options.url);
    const put = (headers: Record<string, string>): Promise<Draft> =>
      api.put<Draft>(pathOf(content.id), body, 'application/json', { ...headers, ...actingAs(options.user) });
    const draft = await put(tag).catch((error: unknown) => {
      // To overwrite what is not there is to begin.
      const none = options.overwrite && error instanceof ApiProblem && error.status === 412;
      if (!none) throw error;
      return put({ 'if-none-match': '*' });
    });
    if (options.json) printJson(draft);
    else process.stdout.write(told(draft));
  });

const remove = new Command('delete')
  .description('Delete a draft; versions and runs stay')
  .argument('<workflow>')
  .option(...REVISION)
  .addOption(urlOption())
  .action(async (id: string, options: DraftOptions) => {
    await new Api(options.url).delete(pathOf(id), { 'if-match': tagOf(options) });
  });

const publish = new Command('publish')
  .description('Make a draft the next version of its workflow')
  .argument('<workflow>')
  .option(...REVISION)
  .option('--note <text>', 'what is new')
  .addOption(userOption())
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string, options: DraftOptions) => {
    const api = new Api(options.url);
    const { note } = options;
    const body = note === undefined ? {} : { note };
    const headers = { 'if-match': tagOf(options), ...actingAs(options.user) };
    const published = await api.post<{ workflow: string; version: number }>(
      `${pathOf(id)}/publish`,
      body,
      headers,
    );
    if (options.json) printJson(published);
    else process.stdout.write(`${published.workflow}@${published.version}\n`);
  });

export const draft = new Command('draft')
  .description('Drafts of workflows')
  .addCommand(show)
  .addCommand(save)
  .addCommand(remove)
  .addCommand(publish);

function pathOf(workflow: string): string {
  return `/api/workflows/${encodeURIComponent(workflow)}/draft`;
}

function tagOf({ revision }: DraftOptions): string {
  if (revision === undefined) return '*';
  if (/^\d+$/.test(revision)) return `"${revision}"`;
  throw new UsageError(`--revision "${revision}" is no number`);
}

function told({ workflow, revision, by, at, errors }: Draft): string {
  const lines = [
    `${workflow}, draft of ${at} by ${by}, revision ${revision}`,
    ...errors.map(({ field, message }) => `  ${field}: ${message}`),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}
