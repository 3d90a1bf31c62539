import { Module, type DynamicModule } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { BLOCK_MIGRATIONS, BlockWorker, RateLimiter } from '@duofactory/block-kit';
import { loadConfig, type ServiceDefinition, type ServiceParts } from '@duofactory/platform';
import { GoogleSheets, type ServiceAccountKey } from './adapters/google/google-sheets.js';
import { PacedCalls } from './adapters/google/paced-calls.js';
import { ExportFiles } from './app/exports/export-files.js';
import { ExportRows } from './app/exports/export-rows.js';
import { ImportRows } from './app/sources/import-rows.js';
import { PublishCourse } from './app/sources/publish-course.js';
import { PublishSource } from './app/sources/publish-source.js';
import { ReadSources } from './app/sources/read-sources.js';
import { RefusedRows } from './app/watches/refused-rows.js';
import { NoSpreadsheets, type Spreadsheets } from './app/sources/spreadsheets.js';
import { SheetTurns } from './app/exports/sheet-turns.js';
import { SweepExports } from './app/exports/sweep-exports.js';
import { SpoolRoom } from './app/tables/row-spool.js';
import { SyncSheet } from './app/sources/sync-sheet.js';
import { ReadChanges } from './app/watches/read-changes.js';
import { TableFiles } from './app/tables/table-files.js';
import { WatchSheet } from './app/watches/watch-sheet.js';
import { WatchSheets } from './app/watches/watch-sheets.js';
import { WorkflowInputs } from './app/watches/workflow-inputs.js';
import { exportBlock } from './blocks/export/execute.js';
import { importBlock } from './blocks/import/execute.js';
import { SheetsSyncConfig } from './config.js';
import { MessageParkedHandler } from './events/message-parked.handler.js';
import { CourseDataController } from './http/course-data.controller.js';
import { ExportsController } from './http/exports.controller.js';
import { SourcesController } from './http/sources.controller.js';
import { WatchesController } from './http/watches.controller.js';
import { TablesController } from './http/tables.controller.js';
import { Sources1764000002000 } from './store/migrations/1764000002000-sources.js';
import { Sheets1764000043100 } from './store/migrations/1764000043100-sheets.js';
import { Watches1764000051100 } from './store/migrations/1764000051100-watches.js';
import { ExportFiles1764000059000 } from './store/migrations/1764000059000-export-files.js';
import { CourseSheets1764000059100 } from './store/migrations/1764000059100-course-sheets.js';
import { ExportsThatEnd1764000067000 } from './store/migrations/1764000067000-exports-that-end.js';
import { WatchErrors1764000065000 } from './store/migrations/1764000065000-watch-errors.js';
import { SheetTurns1764000059200 } from './store/migrations/1764000059200-sheet-turns.js';
import { WatchedRows1764000070000 } from './store/migrations/1764000070000-watched-rows.js';

/** The vendor counts by project and user: all of our calls are one user's. */
const RATE = { provider: 'google', model: 'google-sheets', keyHash: 'service-account' };

const MEGABYTE = 1024 * 1024;

/** Tables and curricula, the blocks that bring them into runs and rows out of them, and the files that became of those. */
@Module({})
export class SheetsSyncModule {
  static with(
    { publish, publishCourse, readSources, sync, watch, refused }: SheetCases,
    workflows: WorkflowInputs,
    { exported, sent }: SheetFiles,
  ): DynamicModule {
    return {
      module: SheetsSyncModule,
      controllers: [
        ...[TablesController, CourseDataController, SourcesController, WatchesController],
        ...[ExportsController, MessageParkedHandler],
      ],
      providers: [
        { provide: ExportFiles, useValue: exported },
        { provide: TableFiles, useValue: sent },
        { provide: PublishSource, useValue: publish },
        { provide: PublishCourse, useValue: publishCourse },
        { provide: ReadSources, useValue: readSources },
        { provide: SyncSheet, useValue: sync },
        { provide: ReadChanges, useValue: new ReadChanges(readSources) },
        { provide: WatchSheet, useValue: watch },
        { provide: RefusedRows, useValue: refused },
        { provide: WorkflowInputs, useValue: workflows },
      ],
    };
  }
}

export interface SheetCases {
  readonly publish: PublishSource;
  readonly publishCourse: PublishCourse;
  readonly readSources: ReadSources;
  readonly watch: WatchSheet;
  readonly refused: RefusedRows;
  readonly sync: SyncSheet;
}

export interface SheetFiles {
  readonly exported: ExportFiles;
  readonly sent: TableFiles;
}

/** What changes tables. */
export function sheetCases(
  { database, transactions, clock }: Pick<ServiceParts, 'database' | 'transactions' | 'clock'>,
  spreadsheets: Spreadsheets,
  workflows: WorkflowInputs,
  room: SpoolRoom,
): SheetCases {
  const readSources = new ReadSources(database);
  const publish = new PublishSource(transactions, clock, room);
  const refused = new RefusedRows(database, transactions, workflows, clock);
  const watch = new WatchSheet(database, transactions, readSources, refused, clock);
  const publishCourse = new PublishCourse(publish, readSources);
  const sync = new SyncSheet(database, clock, spreadsheets, {
    ...{ publish, publishCourse, watch, sources: readSources },
  });
  return { publish, publishCourse, readSources, watch, refused, sync };
}

export const sheetsSyncService: ServiceDefinition = {
  name: 'sheets-sync',
  schema: 'sheets_sync',
  resources: ['tables', 'course-data', 'sources', 'exports'],
  keepsJsonBytes: true,
  configuration: [SheetsSyncConfig],
  migrations: [
    ...BLOCK_MIGRATIONS,
    ...[Sources1764000002000, Sheets1764000043100, Watches1764000051100, ExportFiles1764000059000],
    ...[CourseSheets1764000059100, SheetTurns1764000059200, WatchErrors1764000065000],
    ...[ExportsThatEnd1764000067000, WatchedRows1764000070000],
  ],
  async create(parts) {
    const config = loadConfig(SheetsSyncConfig, parts.env);
    const spreadsheets = await spreadsheetsOf(parts, config);
    const workflows = new WorkflowInputs(parts.urls.orchestrator);
    const room = new SpoolRoom(tmpdir(), config.uploadMb * MEGABYTE);
    const cases = sheetCases(parts, spreadsheets, workflows, room);
    const exported = new ExportFiles(parts.database, parts.objects, parts.clock);
    const sent = new TableFiles({
      ...{ unpackedMegabytes: config.workbookMb, seconds: config.workbookSeconds },
    });
    const blocks = [
      importBlock(new ImportRows(cases.readSources)),
      exportBlock(new ExportRows(spreadsheets, exported, new SheetTurns(parts.database, parts.clock))),
    ];
    return {
      module: SheetsSyncModule.with(cases, workflows, { exported, sent }),
      background: [
        new BlockWorker(parts, 'sheets-sync', blocks),
        new SweepExports(parts.database, parts.objects, parts.clock, config.exportDays, parts.log),
        new WatchSheets(parts.database, cases.sync, cases.watch, parts.clock, parts.log),
      ],
    };
  },
};

async function spreadsheetsOf(parts: ServiceParts, config: SheetsSyncConfig): Promise<Spreadsheets> {
  if (config.sheets === 'files') return new NoSpreadsheets();
  const limiter = new RateLimiter(parts.database, parts.clock);
  await limiter.put({ model: RATE.model, requests: config.sheetsPerMinute, tokens: null });
  const key = await keyOf(parts.env['GOOGLE_APPLICATION_CREDENTIALS']);
  const { sheetsRootUrl: rootUrl } = config;
  return new GoogleSheets(
    { key, ...(rootUrl === undefined ? {} : { rootUrl }) },
    new PacedCalls(limiter, RATE),
  );
}

/** Throws with the remedy where there is no key of a service account. */
async function keyOf(path: string | undefined): Promise<ServiceAccountKey> {
  const remedy = 'GOOGLE_APPLICATION_CREDENTIALS must name the key file (JSON) of a service account';
  if (path === undefined) throw new Error(`${remedy}: DUOFACTORY_SHEETS is google`);
  const key = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as Partial<ServiceAccountKey>,
    (error: unknown) => {
      throw new Error(`${remedy}: it cannot be read`, { cause: error });
    },
  );
  const { client_email, private_key, private_key_id } = key;
  if (!client_email || !private_key || !private_key_id)
    throw new Error(`${remedy}: this one is of another kind`);
  return { client_email, private_key, private_key_id };
}
