import { Module, type DynamicModule } from '@nestjs/common';
import { PromptDefinition } from '@duofactory/contracts';
import type { ObjectStore } from '@duofactory/objects';
import {
  BLOCK_MIGRATIONS,
  BlockWorker,
  ClaimedLedger,
  Claims,
  OwnClaims,
  RateLimiter,
} from '@duofactory/block-kit';
import {
  DEFINITION_MIGRATIONS,
  DefinitionDrafts,
  DefinitionLibrary,
  definitionsControllers,
  loadConfig,
  type DefinitionShelf,
  type ServiceDefinition,
} from '@duofactory/platform';
import { previewsOfEvaluator } from './adapters/evaluator-previews.js';
import { OfflineModel } from './adapters/offline/offline-model.js';
import { OpenAiModel } from './adapters/openai/openai-model.js';
import { WebImages } from './adapters/web-images.js';
import { AskPrompt } from './app/ask-prompt.js';
import { CountReuses } from './app/count-reuses.js';
import { ReadLedger } from './app/read-ledger.js';
import { ResolveCall } from './app/resolve-call.js';
import { Budgets } from './app/budgets.js';
import { EstimateRun } from './app/estimate.js';
import { GuardedModel } from './app/guarded-model.js';
import { promptKind } from './app/prompt-kind.js';
import { RunPrompt } from './app/run-prompt.js';
import { StoreImage } from './app/store-image.js';
import { promptBlock } from './blocks/prompt/execute.js';
import { Limits1764000012100 } from './store/migrations/1764000012100-limits.js';
import { CostsThatAreNone1764000062000 } from './store/migrations/1764000062000-costs-that-are-none.js';
import { LeasesOfRunsAbove1764000053000 } from './store/migrations/1764000053000-leases-of-runs-above.js';
import type { LanguageModel } from './app/language-model.js';
import { LlmRunnerConfig, readPrices } from './config.js';
import { EffectsReusedHandler } from './events/effects-reused.handler.js';
import { ClaimsController } from './http/claims.controller.js';
import { LedgerController } from './http/ledger.controller.js';
import { BudgetsController, EstimatesController, RateLimitsController } from './http/limits.controller.js';
import { PromptRunsController } from './http/prompt-runs.controller.js';

const PROMPTS = Symbol('prompts');

interface Parts {
  readonly prompts: DefinitionShelf;
  readonly askPrompt: AskPrompt;
  readonly readLedger: ReadLedger;
  readonly resolveCall: ResolveCall;
  readonly budgets: Budgets;
  readonly limiter: RateLimiter;
  readonly estimate: EstimateRun;
  readonly storeImage: StoreImage;
  readonly claims: Claims;
  readonly countReuses: CountReuses;
}

/** The prompt library, and the only way to a language model. */
@Module({})
export class LlmRunnerModule {
  static with({
    prompts,
    askPrompt,
    readLedger,
    resolveCall,
    budgets,
    limiter,
    estimate,
    storeImage,
    claims,
    countReuses,
  }: Parts): DynamicModule {
    return {
      module: LlmRunnerModule,
      controllers: [
        ...definitionsControllers({ resource: 'prompts', schema: PromptDefinition, shelf: PROMPTS }),
        PromptRunsController,
        EstimatesController,
        LedgerController,
        ClaimsController,
        BudgetsController,
        RateLimitsController,
        EffectsReusedHandler,
      ],
      providers: [
        { provide: PROMPTS, useValue: prompts },
        { provide: AskPrompt, useValue: askPrompt },
        { provide: ReadLedger, useValue: readLedger },
        { provide: ResolveCall, useValue: resolveCall },
        { provide: Budgets, useValue: budgets },
        { provide: RateLimiter, useValue: limiter },
        { provide: EstimateRun, useValue: estimate },
        { provide: StoreImage, useValue: storeImage },
        { provide: Claims, useValue: claims },
        { provide: CountReuses, useValue: countReuses },
      ],
    };
  }
}

function modelOf(config: LlmRunnerConfig, objects: ObjectStore): LanguageModel {
  if (config.model === 'offline') return new OfflineModel();
  const { openaiApiKey, openaiBaseUrl, openaiApi, modelName, modelPrices } = config;
  return new OpenAiModel({
    apiKey: openaiApiKey!,
    baseUrl: openaiBaseUrl,
    api: openaiApi,
    modelName: modelName!,
    prices: readPrices(modelPrices),
    objects,
  });
}

export const llmRunnerService: ServiceDefinition = {
  name: 'llm-runner',
  schema: 'llm_runner',
  resources: ['prompts', 'prompt-runs', 'ledger', 'budgets', 'rate-limits'],
  configuration: [LlmRunnerConfig],
  migrations: [
    ...BLOCK_MIGRATIONS,
    ...DEFINITION_MIGRATIONS,
    Limits1764000012100,
    LeasesOfRunsAbove1764000053000,
    CostsThatAreNone1764000062000,
  ],
  create(parts) {
    const config = loadConfig(LlmRunnerConfig, parts.env);
    const { database, transactions, clock, metrics } = parts;
    const library = new DefinitionLibrary(promptKind, database, transactions, clock);
    const drafts = new DefinitionDrafts(
      library,
      database,
      transactions,
      clock,
      parts.config.publishPolicy,
      previewsOfEvaluator(parts.urls.api),
    );
    const budgets = new Budgets(database, transactions, clock);
    const limiter = new RateLimiter(database, clock);
    const model = new GuardedModel(modelOf(config, parts.objects), { budgets, limiter }, clock, metrics);
    const runPrompt = new RunPrompt(model);
    const estimate = new EstimateRun(database, library, model, budgets);
    const claims = new OwnClaims(database, clock, {
      transactions,
      leaseMs: config.ledgerLeaseMs,
      ambiguous: config.ambiguousCalls,
    });
    const ledger = new ClaimedLedger(claims, clock);
    const countReuses = new CountReuses(database, clock);
    const askPrompt = new AskPrompt(library, runPrompt, ledger, transactions);
    const readLedger = new ReadLedger(database);
    const storeImage = new StoreImage(parts.objects, new WebImages(config.imageHosts));
    const resolveCall = new ResolveCall(transactions, readLedger, clock);
    return {
      module: LlmRunnerModule.with({
        ...{ prompts: { library, drafts }, askPrompt, readLedger, resolveCall, budgets, limiter, estimate },
        ...{ storeImage, claims, countReuses },
      }),
      background: [new BlockWorker(parts, 'llm-runner', [promptBlock(library, runPrompt)], ledger)],
    };
  },
};
