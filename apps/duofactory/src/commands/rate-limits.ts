import { Command } from 'commander';
import { Api } from '../client/api.js';
import { tableOf } from '../terminal/table.js';
import { jsonOption, printJson, urlOption, type CommonOptions, number } from './options.js';

interface Rates {
  readonly limits: readonly { model: string; requests: number | null; tokens: number | null }[];
  readonly states: readonly {
    key: string;
    requestsNow: number | null;
    tokensNow: number | null;
    factor: number;
    blockedUntil: string | null;
  }[];
}

const list = new Command('list')
  .description('Requests and tokens a minute: as set, and as used now for each model and key')
  .addOption(urlOption())
  .addOption(jsonOption())
  .action(async ({ url, json }: CommonOptions) => {
    const rates = await new Api(url).get<Rates>('/api/rate-limits');
    if (json) return printJson(rates);
    const set = rates.limits.map(({ model, requests, tokens }) => [
      `${model} (set)`,
      requests ?? '',
      tokens ?? '',
      '',
      '',
    ]);
    const now = rates.states.map(({ key, requestsNow, tokensNow, factor, blockedUntil }) => [
      ...[key, round(requestsNow), round(tokensNow), `${Math.round(factor * 100)} %`, blockedUntil ?? ''],
    ]);
    process.stdout.write(
      tableOf(['model', 'requests', 'tokens', 'used now', 'refused until'], [...set, ...now]),
    );
  });

const set = new Command('set')
  .description("Set the limits of a model, for each key; what a vendor's refusal blocks goes on")
  .argument('<model>')
  .option('--requests <count>', 'requests a minute')
  .option('--tokens <count>', 'tokens a minute')
  .addOption(urlOption())
  .action(
    async (
      model: string,
      { url, requests, tokens }: CommonOptions & { requests?: string; tokens?: string },
    ) => {
      const body = { ...number('requests', requests), ...number('tokens', tokens) };
      await new Api(url).put(
        `/api/rate-limits/${encodeURIComponent(model)}`,
        JSON.stringify(body),
        'application/json',
      );
      process.stdout.write(`${model} set\n`);
    },
  );

const remove = new Command('delete')
  .description("Leave a model to the vendor's own limits; what its refusal blocks goes on")
  .argument('<model>')
  .addOption(urlOption())
  .action(async (model: string, { url }: CommonOptions) => {
    await new Api(url).delete(`/api/rate-limits/${encodeURIComponent(model)}`);
    process.stdout.write(`${model} deleted\n`);
  });

export const rateLimits = new Command('rate-limits')
  .description('How fast models are asked')
  .addCommand(list, { isDefault: true })
  .addCommand(set)
  .addCommand(remove);

const round = (value: number | null): number | string => (value === null ? '' : Math.round(value));
