import { Module, type DynamicModule } from '@nestjs/common';
import { BLOCK_MIGRATIONS, BlockWorker } from '@duofactory/block-kit';
import type { ServiceDefinition, ServiceParts } from '@duofactory/platform';
import { ActOnEpisodes } from './app/act-on-episodes.js';
import { AskForReviews } from './app/ask-for-reviews.js';
import { ChangeEpisode } from './app/change-episode.js';
import { FinishChanges } from './app/finish-changes.js';
import { ListVersion } from './app/list-version.js';
import { MoveEpisode } from './app/move-episode.js';
import { PublishEpisode } from './app/publish-episode.js';
import { ReadCatalog } from './app/read-catalog.js';
import { ReadProvenance } from './app/read-provenance.js';
import { RenameEpisode } from './app/rename-episode.js';
import { RecallEpisodes } from './app/recall-episodes.js';
import { RunEndings } from './app/run-endings.js';
import { SettleCourse } from './app/settle-course.js';
import { WriteVersion } from './app/write-version.js';
import { publishBlock } from './blocks/publish/execute.js';
import { RunEndedHandler } from './events/run-ended.handler.js';
import { EpisodeActionsController } from './http/actions.controller.js';
import { CatalogController } from './http/catalog.controller.js';
import { RecallsController } from './http/recalls.controller.js';
import { Catalog1764000003000 } from './store/migrations/1764000003000-catalog.js';
import { Listing1764000043000 } from './store/migrations/1764000043000-listing.js';
import { PublishingBlock1764000051000 } from './store/migrations/1764000051000-publishing-block.js';

/** Episodes to their readers, and the catalog of them. */
@Module({})
export class PublisherModule {
  static with(parts: ServiceParts, cases: CatalogCases): DynamicModule {
    const { actions, move, rename, recalls } = cases;
    return {
      module: PublisherModule,
      controllers: [EpisodeActionsController, CatalogController, RecallsController, RunEndedHandler],
      providers: [
        { provide: ReadCatalog, useValue: new ReadCatalog(parts.database, parts.objects) },
        { provide: ActOnEpisodes, useValue: actions },
        { provide: AskForReviews, useValue: new AskForReviews(parts.database, parts.urls.orchestrator) },
        { provide: MoveEpisode, useValue: move },
        { provide: RenameEpisode, useValue: rename },
        { provide: RecallEpisodes, useValue: recalls },
        { provide: RunEndings, useValue: new RunEndings(parts.database) },
      ],
    };
  }
}

export interface CatalogCases {
  readonly publish: PublishEpisode;
  readonly actions: ActOnEpisodes;
  readonly move: MoveEpisode;
  readonly rename: RenameEpisode;
  readonly recalls: RecallEpisodes;
  readonly settle: SettleCourse;
}

/** What changes the catalog. */
export function catalogCases({
  database,
  transactions,
  objects,
  clock,
}: Pick<ServiceParts, 'database' | 'transactions' | 'objects' | 'clock'>): CatalogCases {
  const write = new WriteVersion(transactions, objects, clock);
  const list = new ListVersion(transactions, clock);
  const settle = new SettleCourse(database, transactions, objects, clock);
  const change = new ChangeEpisode(database, transactions, objects, clock, write, list);
  return {
    publish: new PublishEpisode(database, objects, write, list, settle),
    actions: new ActOnEpisodes(database, change, settle),
    move: new MoveEpisode(database, transactions, clock, change, settle),
    rename: new RenameEpisode(database, transactions, clock, change, settle),
    recalls: new RecallEpisodes(database, transactions, clock, change, settle),
    settle,
  };
}

export const publisherService: ServiceDefinition = {
  name: 'publisher',
  schema: 'publisher',
  resources: ['environments', 'courses', 'nodes', 'episodes', 'recalls'],
  migrations: [...BLOCK_MIGRATIONS, Catalog1764000003000, Listing1764000043000, PublishingBlock1764000051000],
  create(parts) {
    const cases = catalogCases(parts);
    const block = publishBlock(cases.publish, new ReadProvenance(parts.urls.orchestrator));
    return {
      module: PublisherModule.with(parts, cases),
      background: [
        new BlockWorker(parts, 'publisher', [block]),
        new FinishChanges(parts.database, cases.settle, parts.clock, parts.log),
      ],
    };
  },
};
