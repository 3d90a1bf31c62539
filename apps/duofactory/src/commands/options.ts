import { userHeader } from '@duofactory/contracts';
import { Option } from 'commander';
import { UsageError } from '../terminal/command-errors.js';

const USUAL_URL = 'http://127.0.0.1:8080';

/** Where the product answers. Nothing, as of a variable that is set and empty: the usual place. */
export const urlOption = (): Option =>
  new Option('--url <url>', 'where DuoFactory answers')
    .env('DUOFACTORY_URL')
    .default(USUAL_URL)
    .argParser((text: string) => (text.trim() === '' ? USUAL_URL : checkedUrl(text.trim())));

function checkedUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new UsageError(
    `"${text}" (--url, or DUOFACTORY_URL) is no address: write it with http:// or https://, as in ${USUAL_URL}`,
  );
}

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

/** An option that is a number. Throws UsageError. */
export function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new UsageError(`--${name} is "${text}": give a number`);
  return value;
}

/** The same, by its name; nothing where it is not given. */
export function number<Name extends string>(
  name: Name,
  text: string | undefined,
): Partial<Record<Name, number>> {
  return text === undefined ? {} : ({ [name]: numberOf(name, text) } as Record<Name, number>);
}
