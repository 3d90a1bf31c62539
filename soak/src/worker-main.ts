import { runService } from '@duofactory/platform';
import { workerService } from './worker-service.js';

await runService(workerService);
