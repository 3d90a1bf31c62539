import { asyncApi, contentSchemas, eventsReference } from '@duofactory/contracts';
import { Command } from 'commander';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const documents = new Command('documents')
  .description(
    'Write the JSON Schemas of content files, the AsyncAPI document of the events and a page of it',
  )
  .argument('<folder>', 'where to')
  .option('--only <file>', 'one of them, such as events.md')
  .action(async (folder: string, { only }: { only?: string }) => {
    await mkdir(folder, { recursive: true });
    const files = {
      ...Object.fromEntries(
        Object.entries(contentSchemas()).map(([kind, schema]) => [`${kind}.schema.json`, textOf(schema)]),
      ),
      'asyncapi.json': textOf(asyncApi()),
      'events.md': eventsReference(),
    };
    for (const [name, text] of Object.entries(files))
      if (only === undefined || only === name) await writeFile(join(folder, name), text);
  });

function textOf(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
