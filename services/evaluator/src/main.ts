import { runService } from '@duofactory/platform';
import { evaluatorService } from './evaluator.module.js';

await runService(evaluatorService);
