// An import block of the built service over a table that is long, from a file of CSV to the answer: prints what it came to
// and the most memory it had.
import { attemptBlock } from '../../../libs/block-kit/dist/attempt.js';
import { Interruption } from '../../../libs/block-kit/dist/interruption.js';
import { MESSAGING_MIGRATIONS, Outbox, OutboxRelay } from '@duofactory/messaging';
import { FsObjectStore } from '@duofactory/objects';
import { Database, SystemClock, Transactions } from '@duofactory/platform';
import { createReadStream, readFileSync } from 'node:fs';
import { ImportRows } from '../../../services/sheets-sync/dist/app/sources/import-rows.js';
import { parseDelimited } from '../../../services/sheets-sync/dist/app/tables/parse-table.js';
import { PublishSource } from '../../../services/sheets-sync/dist/app/sources/publish-source.js';
import { ReadSources } from '../../../services/sheets-sync/dist/app/sources/read-sources.js';
import { SpoolRoom } from '../../../services/sheets-sync/dist/app/tables/row-spool.js';
import { importBlock } from '../../../services/sheets-sync/dist/blocks/import/execute.js';
import { sheetsSyncService } from '../../../services/sheets-sync/dist/sheets-sync.module.js';

const [url, folder, file] = process.argv.slice(2);
const { schema, migrations } = sheetsSyncService;
const database = await Database.open({ url, schema, migrations: [...MESSAGING_MIGRATIONS, ...migrations] });
const clock = new SystemClock();
const outbox = new Outbox();
const log = { info() {}, warn() {}, error() {} };
const relay = new OutboxRelay({ bus: { publish: async () => {} }, outbox, sql: database, log });
const transactions = new Transactions('sheets-sync', database, outbox, relay, clock);
const publish = new PublishSource(transactions, clock, new SpoolRoom(folder, 2 ** 30));
await publish.table('words', parseDelimited(createReadStream(file), ','));

const block = importBlock(new ImportRows(new ReadSources(database)));
const id = '00000000-0000-8000-8000-000000000000';
const outcome = await attemptBlock(
  block,
  (configuration) => configuration,
  {
    ...{ run: id, task: id, attempt: 1, block: 'words', type: 'import', typeVersion: 1, key: '', sample: 1 },
    ...{ lineage: id, with: { from: 'table', table: 'words', rowId: 'id' }, timeoutMs: 600_000 },
    payload: { key: '', blockResults: {} },
  },
  { objects: new FsObjectStore(folder), transactions, orchestratorUrl: '' },
  { begunAt: new Date(), abort: new Interruption(), onProgress: () => undefined },
);
// Of this program alone: what getrusage tells is at least what the process had that began it.
const [, peakKilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
await database.close();
console.log(JSON.stringify({ ...outcome, peakBytes: Number(peakKilobytes) * 1024 }));
