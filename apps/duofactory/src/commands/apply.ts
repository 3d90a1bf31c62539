import { Command } from 'commander';
import { Api } from '../client/api.js';
import { applyContent, checkContent, type Applied } from '../content/apply.js';
import { readContent } from '../content/read-content.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';

export const apply = new Command('apply')
  .description('Publish content files: what the server has already stays as it is')
  .argument('<path...>', 'YAML files, or folders of them')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (paths: string[], { url, json }: CommonOptions) => {
    const applied = await applyAll(new Api(url), paths, (one) => {
      if (!json) process.stdout.write(`${linesOf(one).join('\n')}\n`);
    });
    if (json) {
      printJson(
        applied.map(({ file: { kind, id }, version, created, notes }) => ({
          ...{ kind, id, version, created },
          ...(notes ? { notes } : {}),
        })),
      );
    }
  });

/** Everything is read and checked before anything is published: a broken file stops all of it. */
export async function applyAll(
  api: Api,
  paths: readonly string[],
  onApplied: (applied: Applied) => void,
): Promise<Applied[]> {
  const files = await readContent(paths);
  for (const file of files) await checkContent(api, file);
  const applied: Applied[] = [];
  for (const file of files) {
    const one = await applyContent(api, file);
    applied.push(one);
    onApplied(one);
  }
  return applied;
}

function linesOf({ file, version, created, notes }: Applied): string[] {
  const { count, notes: first } = notes ?? { count: 0, notes: [] };
  return [
    `${file.kind} ${file.id}@${version} ${created ? 'published' : 'unchanged'}`,
    ...first.map(({ place, message }) => `  ${place}: ${message}`),
    ...(count > first.length ? [`  and ${count - first.length} more`] : []),
  ];
}
