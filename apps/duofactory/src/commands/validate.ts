import { Command } from 'commander';
import { Api } from '../client/api.js';
import { CHECKED_BY } from '../content/apply.js';
import { readContent, type ContentFile } from '../content/read-content.js';
import { EXIT } from '../terminal/exit-codes.js';
import { printable } from '../terminal/printable.js';
import { jsonOption, printJson, urlOption, type CommonOptions } from './options.js';

interface Fault {
  readonly field: string;
  readonly message: string;
  readonly code?: string;
}

export const validate = new Command('validate')
  .description('Check content files against the server, without publishing them')
  .argument('<path...>', 'YAML files, or folders of them')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async (paths: string[], { url, json }: CommonOptions) => {
    const api = new Api(url);
    const checked = [];
    for (const file of await readContent(paths)) {
      checked.push({ path: file.path, kind: file.kind, errors: await faultsOf(api, file) });
    }
    if (json) printJson(checked);
    else for (const one of checked) process.stdout.write(told(one));
    if (checked.some(({ errors }) => errors !== undefined && errors.length > 0))
      process.exitCode = EXIT.invalid;
  });

/** undefined: this kind is checked only when it is applied. */
async function faultsOf(api: Api, { kind, document, attached }: ContentFile): Promise<Fault[] | undefined> {
  const path = CHECKED_BY[kind];
  if (path === undefined || attached) return undefined;
  const { errors } = await api.post<{ errors: Fault[] }>(path, { definition: document });
  return errors;
}

function told({ path, errors }: { path: string; errors: Fault[] | undefined }): string {
  if (errors === undefined) return `${path}: checked when it is applied\n`;
  if (errors.length === 0) return `${path}: valid\n`;
  return errors.map(({ field, message }) => printable(`${path}: ${field}: ${message}\n`)).join('');
}
