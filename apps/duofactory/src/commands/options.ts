import { userHeader } from '@duofactory/contracts';
import { Option } from 'commander';

/** Where the product answers. */
export const urlOption = (): Option =>
  new Option('--url <url>', 'where DuoFactory answers')
    .env('DUOFACTORY_URL')
    .default('http://127.0.0.1:8080');

export const jsonOption = (): Option => new Option('--json', 'print JSON, for programs');

export const userOption = (): Option =>
  new Option('--user <name>', 'who you are').env('DUOFACTORY_USER').default('local');

/** Who acts: kept in the history of what is acted on. */
export const actingAs = (user: string): Record<string, string> => ({
  'x-duofactory-user': userHeader(user),
});

export interface CommonOptions {
  readonly url: string;
  readonly json?: boolean;
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
