import { Module, type DynamicModule } from '@nestjs/common';
import { BLOCK_MIGRATIONS, BlockWorker } from '@duofactory/block-kit';
import type { ServiceDefinition } from '@duofactory/platform';
import { PublishEpisode } from './app/publish-episode.js';
import { ReadCatalog } from './app/read-catalog.js';
import { ReadProvenance } from './app/read-provenance.js';
import { publishBlock } from './blocks/publish/execute.js';
import { CatalogController } from './http/catalog.controller.js';
import { Catalog1764000003000 } from './store/migrations/1764000003000-catalog.js';

/** Episodes to their readers, and the catalog of them. */
@Module({})
export class PublisherModule {
  static with(catalog: ReadCatalog): DynamicModule {
    return {
      module: PublisherModule,
      controllers: [CatalogController],
      providers: [{ provide: ReadCatalog, useValue: catalog }],
    };
  }
}

export const publisherService: ServiceDefinition = {
  name: 'publisher',
  schema: 'publisher',
  resources: ['environments', 'courses', 'nodes', 'episodes'],
  migrations: [...BLOCK_MIGRATIONS, Catalog1764000003000],
  create(parts) {
    const { database, transactions, objects, clock, urls } = parts;
    const publish = new PublishEpisode(transactions, objects, clock);
    const block = publishBlock(publish, new ReadProvenance(urls.orchestrator));
    return {
      module: PublisherModule.with(new ReadCatalog(database, objects)),
      background: [new BlockWorker(parts, 'publisher', [block])],
    };
  },
};
