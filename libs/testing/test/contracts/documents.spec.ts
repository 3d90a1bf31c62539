import { CONTRACTS, asyncApi, contentSchemas, eventsReference } from '@duofactory/contracts';
import asyncapi from '@asyncapi/parser';
import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';

describe('the published documents', () => {
  it('are AsyncAPI that a parser accepts, with every event once', async () => {
    const { document, diagnostics } = await new asyncapi.Parser().parse(JSON.stringify(asyncApi()));

    const errors = diagnostics.filter(({ severity }) => Number(severity) === 0);
    expect(errors.map(({ message, path }) => `${path.join('.')}: ${message}`)).toEqual([]);
    expect(
      document!
        .allMessages()
        .all()
        .map((message) => message.name())
        .sort(),
    ).toEqual(CONTRACTS.map(({ type }) => type).sort());
    const addresses = document!
      .allChannels()
      .all()
      .map((channel) => channel.address());
    expect(addresses).toContain('duofactory.block-requested.{type}');
    expect(addresses).toContain('duofactory.run-requested');
  });

  it('are a page that says what the schemas say: `npm run reference` writes it anew', async () => {
    const page = await readFile(resolve(import.meta.dirname, '../../../../docs/reference/events.md'), 'utf8');

    expect(page).toBe(eventsReference());
    for (const { type, topic } of CONTRACTS) {
      expect(page).toContain(`### \`${type}\``);
      expect(page).toContain(`## \`${topic}`);
    }
  });

  it('are JSON Schemas that refuse unknown fields of content files', () => {
    const schemas = contentSchemas();

    expect(Object.keys(schemas).sort()).toEqual([
      'course',
      'episode',
      'evaluator',
      'golden-set',
      'prompt',
      'table',
      'workflow',
    ]);
    const check = new Ajv2020({ strict: false }).compile(schemas['workflow']!);
    const workflow = { kind: 'workflow', id: 'tiny', blocks: [{ id: 'a', type: 'import' }] };
    expect(check(workflow)).toBe(true);
    expect(check({ ...workflow, blokcs: [] })).toBe(false);
  });
});
