import { runService } from '@duofactory/platform';
import { orchestratorService } from './orchestrator.module.js';

await runService(orchestratorService);
