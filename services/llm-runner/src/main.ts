import { runService } from '@duofactory/platform';
import { llmRunnerService } from './llm-runner.module.js';

await runService(llmRunnerService);
