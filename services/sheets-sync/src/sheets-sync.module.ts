import { Module, type DynamicModule } from '@nestjs/common';
import { BLOCK_MIGRATIONS, BlockWorker } from '@duofactory/block-kit';
import { loadConfig, type ServiceDefinition } from '@duofactory/platform';
import { ImportRows } from './app/import-rows.js';
import { PublishSource } from './app/publish-source.js';
import { ReadSources } from './app/read-sources.js';
import { importBlock } from './blocks/import/execute.js';
import { SheetsSyncConfig } from './config.js';
import { CourseDataController } from './http/course-data.controller.js';
import { TablesController } from './http/tables.controller.js';
import { Sources1764000002000 } from './store/migrations/1764000002000-sources.js';

/** Tables and curricula, and the block that brings them into runs. */
@Module({})
export class SheetsSyncModule {
  static with(publishSource: PublishSource, readSources: ReadSources): DynamicModule {
    return {
      module: SheetsSyncModule,
      controllers: [TablesController, CourseDataController],
      providers: [
        { provide: PublishSource, useValue: publishSource },
        { provide: ReadSources, useValue: readSources },
      ],
    };
  }
}

export const sheetsSyncService: ServiceDefinition = {
  name: 'sheets-sync',
  schema: 'sheets_sync',
  resources: ['tables', 'course-data'],
  configuration: [SheetsSyncConfig],
  migrations: [...BLOCK_MIGRATIONS, Sources1764000002000],
  create(parts) {
    loadConfig(SheetsSyncConfig, parts.env);
    const readSources = new ReadSources(parts.database);
    return {
      module: SheetsSyncModule.with(new PublishSource(parts.transactions, parts.clock), readSources),
      background: [new BlockWorker(parts, 'sheets-sync', [importBlock(new ImportRows(readSources))])],
    };
  },
};
