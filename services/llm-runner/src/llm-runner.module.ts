import { Module, type DynamicModule } from '@nestjs/common';
import { BLOCK_MIGRATIONS, BlockWorker, Ledger } from '@duofactory/block-kit';
import {
  DEFINITION_MIGRATIONS,
  DefinitionLibrary,
  definitionsController,
  loadConfig,
  type ServiceDefinition,
} from '@duofactory/platform';
import { OfflineModel } from './adapters/offline/offline-model.js';
import { OpenAiModel } from './adapters/openai/openai-model.js';
import { AskPrompt } from './app/ask-prompt.js';
import { ReadLedger } from './app/read-ledger.js';
import { ResolveCall } from './app/resolve-call.js';
import { promptKind, type PromptLibrary } from './app/prompt-kind.js';
import { RunPrompt } from './app/run-prompt.js';
import { promptBlock } from './blocks/prompt/execute.js';
import type { LanguageModel } from './app/language-model.js';
import { LlmRunnerConfig, readPrices } from './config.js';
import { LedgerController } from './http/ledger.controller.js';
import { PromptRunsController } from './http/prompt-runs.controller.js';

const PROMPTS = Symbol('prompts');

interface Parts {
  readonly library: PromptLibrary;
  readonly askPrompt: AskPrompt;
  readonly readLedger: ReadLedger;
  readonly resolveCall: ResolveCall;
}

/** The prompt library, and the only way to a language model. */
@Module({})
export class LlmRunnerModule {
  static with({ library, askPrompt, readLedger, resolveCall }: Parts): DynamicModule {
    return {
      module: LlmRunnerModule,
      controllers: [definitionsController('prompts', PROMPTS), PromptRunsController, LedgerController],
      providers: [
        { provide: PROMPTS, useValue: library },
        { provide: AskPrompt, useValue: askPrompt },
        { provide: ReadLedger, useValue: readLedger },
        { provide: ResolveCall, useValue: resolveCall },
      ],
    };
  }
}

function modelOf(config: LlmRunnerConfig): LanguageModel {
  if (config.model === 'offline') return new OfflineModel();
  const { openaiApiKey, openaiBaseUrl, openaiApi, modelName, modelPrices } = config;
  return new OpenAiModel({
    apiKey: openaiApiKey!,
    baseUrl: openaiBaseUrl,
    api: openaiApi,
    modelName: modelName!,
    prices: readPrices(modelPrices),
  });
}

export const llmRunnerService: ServiceDefinition = {
  name: 'llm-runner',
  schema: 'llm_runner',
  resources: ['prompts', 'prompt-runs', 'ledger'],
  configuration: [LlmRunnerConfig],
  migrations: [...BLOCK_MIGRATIONS, ...DEFINITION_MIGRATIONS],
  create(parts) {
    const config = loadConfig(LlmRunnerConfig, parts.env);
    const { database, transactions, clock } = parts;
    const library = new DefinitionLibrary(promptKind, database, transactions, clock);
    const runPrompt = new RunPrompt(modelOf(config));
    const ledger = new Ledger(database, clock, {
      leaseMs: config.ledgerLeaseMs,
      ambiguous: config.ambiguousCalls,
    });
    const askPrompt = new AskPrompt(library, runPrompt, ledger);
    const readLedger = new ReadLedger(database, clock);
    const resolveCall = new ResolveCall(transactions, readLedger, clock);
    return {
      module: LlmRunnerModule.with({ library, askPrompt, readLedger, resolveCall }),
      background: [new BlockWorker(parts, 'llm-runner', [promptBlock(library, runPrompt)], ledger)],
    };
  },
};
