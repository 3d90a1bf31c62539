import { Command } from 'commander';
import { Api } from '../client/api.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';

interface Workflow {
  readonly id: string;
  readonly name: string | null;
  readonly latest: number | null;
  readonly publishedAt: string | null;
  readonly draft: { readonly revision: number; readonly by: string } | null;
}

interface Version {
  readonly version: number;
  readonly published: boolean;
  readonly author: string | null;
  readonly note: string | null;
  readonly at: string;
}

export const workflows = new Command('workflows')
  .description('List the workflows, or the versions of one')
  .argument('[workflow]', 'the id of one')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (id: string | undefined, { url, json }: CommonOptions) => {
    const api = new Api(url);
    if (id !== undefined) return showVersions(api, id, json);
    const { workflows: all } = await api.get<{ workflows: Workflow[] }>('/api/workflows');
    if (json) return printJson(all);
    const rows = all.map(({ id, name, latest, publishedAt, draft }) => [
      ...[id, name ?? '', latest ?? '', publishedAt ?? ''],
      draft ? `revision ${draft.revision} by ${draft.by}` : '',
    ]);
    process.stdout.write(tableOf(['workflow', 'name', 'version', 'published', 'draft'], rows));
  });

async function showVersions(api: Api, id: string, json?: boolean): Promise<void> {
  const { versions } = await api.get<{ versions: Version[] }>(
    `/api/workflows/${encodeURIComponent(id)}/versions`,
  );
  if (json) return printJson(versions);
  const rows = versions.map(({ version, published, author, note, at }) => [
    ...[version, published ? 'published' : 'a draft that ran', at, author ?? '', note ?? ''],
  ]);
  process.stdout.write(tableOf(['version', 'is', 'since', 'by', 'note'], rows));
}
