import { Command } from 'commander';
import { Api, ApiProblem } from '../client/api.js';
import { readContent } from '../content/read-content.js';
import { UsageError } from '../terminal/command-errors.js';
import { printable } from '../terminal/printable.js';
import { tableOf } from '../terminal/table.js';
import { describeChanges, type Diff } from './definition-changes.js';
import { actingAs, jsonOption, printJson, urlOption, userOption, type CommonOptions } from './options.js';

interface Summary {
  readonly id: string;
  readonly name: string | null;
  readonly latest: number | null;
  readonly labels: readonly { label: string; version: number }[];
  readonly draft: { readonly revision: number; readonly by: string } | null;
}

interface Version {
  readonly version: number;
  readonly labels: readonly string[];
  readonly author: string;
  readonly note: string | null;
  readonly publishedAt: string;
}

interface Draft {
  readonly id: string;
  readonly revision: number;
  readonly yaml: string;
  readonly by: string;
  readonly at: string;
  readonly errors: readonly { field: string; message: string }[];
}

interface Uses {
  readonly workflows: readonly {
    workflow: string;
    version: number | null;
    blocks: { block: string; reference: string }[];
  }[];
  readonly references: readonly { kind: string; id: string; version: number; reference: string }[];
  readonly runs: readonly { reference: string; workflow: string; runs: number }[];
}

interface DraftOptions extends CommonOptions {
  readonly revision?: string;
  readonly overwrite?: boolean;
  readonly note?: string;
  readonly user: string;
}

const REVISION = ['--revision <number>', 'the revision that you have seen; another one is refused'] as const;

/** `duofactory prompts`, `duofactory evaluators`: what is published, worked on, compared and used. */
export function definitionCommands(resource: string, kind: string): Command {
  const pathOf = (reference: string): string => `/api/${resource}/${encodeURIComponent(reference)}`;
  const of = (name: string, description: string): Command =>
    new Command(name).description(description).addOption(urlOption()).addOption(jsonOption());

  const list = of('list', `The ${resource}, or the versions of one`)
    .argument('[id]')
    .action(async (id: string | undefined, { url, json }: CommonOptions) => {
      const api = new Api(url);
      if (id !== undefined) {
        const { versions } = await api.get<{ versions: Version[] }>(`${pathOf(id)}/versions`);
        return json ? printJson(versions) : print(tableOf(VERSION_HEAD, versions.map(versionRow)));
      }
      const all = (await api.get<Record<string, Summary[]>>(`/api/${resource}`))[resource]!;
      if (json) printJson(all);
      else print(tableOf([kind, 'name', 'version', 'labels', 'draft'], all.map(summaryRow)));
    });

  const show = of('show', 'As YAML, to standard output: a version, or the draft by <id>@draft')
    .argument('<reference>', 'id (the latest), id@7, id@label or id@draft')
    .action(async (reference: string, { url, json }: CommonOptions) => {
      const [id, which] = reference.split('@');
      const path = which === 'draft' ? `${pathOf(id!)}/draft` : pathOf(reference);
      const shown = await new Api(url).get<{ yaml: string }>(path);
      if (json) printJson(shown);
      else process.stdout.write(shown.yaml);
    });

  const diff = of('diff', 'What differs: fields, steps and words')
    .argument('<id>')
    .argument('<from>', 'a version, a label, or draft')
    .argument('<to>', 'a version, a label, or draft')
    .action(async (id: string, from: string, to: string, { url, json }: CommonOptions) => {
      const found = await new Api(url).get<Diff>(
        `${pathOf(id)}/diff?${new URLSearchParams({ from, to }).toString()}`,
      );
      if (json) printJson(found);
      else print(describeChanges(found));
    });

  const label = of('label', 'Move a label to a version, or take it away')
    .argument('<id>')
    .argument('<label>', 'such as production')
    .argument('[version]', 'none: it is taken away')
    .action(async (id: string, name: string, version: string | undefined, { url, json }: CommonOptions) => {
      const api = new Api(url);
      const path = `${pathOf(id)}/labels/${encodeURIComponent(name)}`;
      if (version === undefined) await api.delete(path);
      else await api.put(path, JSON.stringify({ version: numberOf(version) }), 'application/json');
      const { versions } = await api.get<{ versions: Version[] }>(`${pathOf(id)}/versions`);
      if (json) printJson(versions);
      else print(tableOf(VERSION_HEAD, versions.map(versionRow)));
    });

  const uses = of('uses', 'Where it is used, and which open runs stay with a version')
    .argument('<id>')
    .action(async (id: string, { url, json }: CommonOptions) => {
      const found = await new Api(url).get<Uses>(`/api/references/${kind}/${encodeURIComponent(id)}/uses`);
      if (json) printJson(found);
      else print(tableOf(['used by', 'where', 'as'], useRows(found)));
    });

  const save = of('save', 'Save a file as the draft; it may be incomplete, and its comments are kept')
    .argument('<file>')
    .option(...REVISION)
    .option('--overwrite', 'whatever draft there is')
    .addOption(userOption())
    .action(async (file: string, options: DraftOptions) => {
      const [content] = await readContent([file]);
      if (content?.kind !== kind) throw new UsageError(`${file} is no ${kind}`);
      const api = new Api(options.url);
      const put = (tag: Record<string, string>): Promise<Draft> =>
        api.put(`${pathOf(content.id)}/draft`, JSON.stringify({ yaml: content.text }), 'application/json', {
          ...tag,
          ...authorOf(options),
        });
      const begins = !options.overwrite && options.revision === undefined;
      const draft = await put(begins ? BEGIN : { 'if-match': tagOf(options) }).catch((error: unknown) => {
        // To overwrite what is not there is to begin.
        if (!(options.overwrite && error instanceof ApiProblem && error.status === 412)) throw error;
        return put(BEGIN);
      });
      if (options.json) printJson(draft);
      else print(told(draft));
    });

  const publish = of('publish', 'Make the draft the next version')
    .argument('<id>')
    .option(...REVISION)
    .option('--note <text>', 'what is new')
    .addOption(userOption())
    .action(async (id: string, options: DraftOptions) => {
      const { note } = options;
      const published = await new Api(options.url).post<{ id: string; version: number; created: boolean }>(
        `${pathOf(id)}/draft/publish`,
        note === undefined ? {} : { note },
        { 'if-match': tagOf(options), ...authorOf(options) },
      );
      if (options.json) printJson(published);
      else print(`${published.id}@${published.version}${published.created ? '' : ' (unchanged)'}\n`);
    });

  const revisions = of('revisions', 'What was saved of the draft, newest first')
    .argument('<id>')
    .action(async (id: string, { url, json }: CommonOptions) => {
      const path = `${pathOf(id)}/draft/revisions?limit=100`;
      const { revisions: all } = await new Api(url).get<{
        revisions: { revision: number; by: string; at: string; version: number | null }[];
      }>(path);
      if (json) return printJson(all);
      const rows = all.map(({ revision, by, at, version }) => [revision, at, by, version ?? '']);
      print(tableOf(['revision', 'saved', 'by', 'became version'], rows));
    });

  const restore = of('restore', 'Make the draft what it was at a revision')
    .argument('<id>')
    .argument('<revision>')
    .addOption(userOption())
    .action(async (id: string, revision: string, options: DraftOptions) => {
      const api = new Api(options.url);
      const post = (tag: Record<string, string>): Promise<Draft> =>
        api.post(
          `${pathOf(id)}/draft/restore`,
          { revision: numberOf(revision) },
          {
            ...tag,
            ...authorOf(options),
          },
        );
      const draft = await post({ 'if-match': '*' }).catch((error: unknown) => {
        if (!(error instanceof ApiProblem && error.status === 412)) throw error;
        return post(BEGIN);
      });
      if (options.json) printJson(draft);
      else print(told(draft));
    });

  const command = new Command(resource)
    .description(`The ${resource}: versions, labels, drafts, differences`)
    .addCommand(list, { isDefault: true });
  for (const one of [show, diff, label, uses, save, publish, revisions, restore]) command.addCommand(one);
  return command;
}

const BEGIN = { 'if-none-match': '*' };
const VERSION_HEAD = ['version', 'labels', 'published', 'by', 'note'];

function versionRow({ version, labels, publishedAt, author, note }: Version): unknown[] {
  return [version, labels.join(', '), publishedAt, author, note ?? ''];
}

function summaryRow({ id, name, latest, labels, draft }: Summary): unknown[] {
  return [
    ...[id, name ?? '', latest ?? ''],
    labels.map(({ label, version }) => `${label}: ${version}`).join(', '),
    draft ? `revision ${draft.revision} by ${draft.by}` : '',
  ];
}

function useRows({ workflows, references, runs }: Uses): unknown[][] {
  return [
    ...workflows.flatMap(({ workflow, version, blocks }) =>
      blocks.map(({ block, reference }) => [
        `workflow ${workflow}@${version ?? 'draft'}`,
        `block ${block}`,
        reference,
      ]),
    ),
    ...references.map(({ kind, id, version, reference }) => [`${kind} ${id}@${version}`, '', reference]),
    ...runs.map(({ reference, workflow, runs: count }) => [
      `${count} open runs`,
      `workflow ${workflow}`,
      reference,
    ]),
  ];
}

function told({ id, revision, by, at, errors }: Draft): string {
  return [
    `${id}, draft of ${at} by ${by}, revision ${revision}\n`,
    ...errors.map(({ field, message }) => `  ${field}: ${message}\n`),
  ].join('');
}

function tagOf({ revision }: DraftOptions): string {
  return revision === undefined ? '*' : `"${numberOf(revision)}"`;
}

function authorOf({ user }: DraftOptions): Record<string, string> {
  return actingAs(user);
}

function numberOf(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is no number`);
}

function print(text: string): void {
  process.stdout.write(printable(text));
}
