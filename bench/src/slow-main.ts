import { runService } from '@duofactory/platform';
import { slowService } from './slow-service.js';

await runService(slowService);
