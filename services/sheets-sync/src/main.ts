import { runService } from '@duofactory/platform';
import { sheetsSyncService } from './sheets-sync.module.js';

await runService(sheetsSyncService);
