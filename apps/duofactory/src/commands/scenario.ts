import { Command } from 'commander';
import { stringify } from 'yaml';
import { Api } from '../client/api.js';
import { urlOption, type CommonOptions } from './options.js';

const record = new Command('record')
  .description('Write a finished run as a scenario file, to standard output')
  .argument('<run>', 'id of the run')
  .addOption(urlOption())
  .action(async (run: string, { url }: CommonOptions) => {
    const scenario = await new Api(url).get(`/api/runs/${encodeURIComponent(run)}/scenario`);
    process.stdout.write(stringify(scenario, { lineWidth: 120, aliasDuplicateObjects: false }));
  });

export const scenario = new Command('scenario')
  .description('Runs as files that `npm run scenarios` plays')
  .addCommand(record);
