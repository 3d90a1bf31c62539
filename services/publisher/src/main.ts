import { runService } from '@duofactory/platform';
import { publisherService } from './publisher.module.js';

await runService(publisherService);
