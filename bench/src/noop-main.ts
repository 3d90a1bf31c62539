import { runService } from '@duofactory/platform';
import { noopService } from './noop-service.js';

await runService(noopService);
