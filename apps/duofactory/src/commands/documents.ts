import { asyncApi, contentSchemas } from '@duofactory/contracts';
import { Command } from 'commander';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const documents = new Command('documents')
  .description('Write the JSON Schemas of content files, and the AsyncAPI document of the events')
  .argument('<folder>', 'where to')
  .action(async (folder: string) => {
    await mkdir(folder, { recursive: true });
    const files = Object.entries(contentSchemas()).map(
      ([kind, schema]) => [`${kind}.schema.json`, schema] as const,
    );
    for (const [name, document] of [...files, ['asyncapi.json', asyncApi()] as const]) {
      await writeFile(join(folder, name), `${JSON.stringify(document, null, 2)}\n`);
    }
  });
