import { evaluatorService } from '@duofactory/evaluator';
import { llmRunnerService } from '@duofactory/llm-runner';
import { mediaService } from '@duofactory/media';
import { orchestratorService } from '@duofactory/orchestrator';
import type { ServiceDefinition } from '@duofactory/platform';
import { publisherService } from '@duofactory/publisher';
import { sheetsSyncService } from '@duofactory/sheets-sync';

/** All services of the product. */
export const services: readonly ServiceDefinition[] = [
  orchestratorService,
  llmRunnerService,
  evaluatorService,
  sheetsSyncService,
  mediaService,
  publisherService,
];
