import { Module, type DynamicModule } from '@nestjs/common';
import { EvaluatorDefinition, GoldenSetDefinition } from '@duofactory/contracts';
import { BLOCK_MIGRATIONS, BlockWorker } from '@duofactory/block-kit';
import { Expressions } from '@duofactory/expressions';
import {
  DEFINITION_MIGRATIONS,
  DefinitionDrafts,
  DefinitionLibrary,
  definitionsControllers,
  type Background,
  type DefinitionShelf,
  type DefinitionUse,
  type ServiceDefinition,
} from '@duofactory/platform';
import { AsksModel } from './app/asks-model.js';
import { ComparePrompts } from './app/comparison/compare-prompts.js';
import { PastInputsClient } from './app/comparison/past-inputs-client.js';
import { EvaluatePayload } from './app/evaluate-payload.js';
import { evaluatorKind, type EvaluatorLibrary } from './app/evaluator-kind.js';
import { EvaluatorTests } from './app/golden/evaluator-tests.js';
import { GoldenCases } from './app/golden/golden-cases.js';
import { goldenSetKind, type GoldenSetLibrary } from './app/golden/golden-set-kind.js';
import { JudgeClient } from './app/judge-client.js';
import { evaluateBlock } from './blocks/evaluate/execute.js';
import { selectBlock } from './blocks/select/execute.js';
import { sortBlock } from './blocks/sort/execute.js';
import { splitBlock } from './blocks/split/execute.js';
import { goldenCasesController } from './http/golden-cases.controller.js';
import { JudgesController } from './http/judges.controller.js';
import { PromptComparisonsController } from './http/prompt-comparisons.controller.js';
import { EvaluatorTestsController } from './http/evaluator-tests.controller.js';
import { PromptComparisons1764000066000 } from './store/migrations/1764000066000-prompt-comparisons.js';
import { EvaluatorTests1764000042200 } from './store/migrations/1764000042200-evaluator-tests.js';
import { transformBlock } from './blocks/transform/execute.js';

const EVALUATORS = Symbol('evaluators');
const GOLDEN_SETS = Symbol('golden sets');

interface Parts {
  readonly evaluators: DefinitionShelf;
  readonly asksModel: AsksModel;
  readonly goldenSets: DefinitionShelf;
  readonly goldenCases: GoldenCases;
  readonly tests: EvaluatorTests;
  readonly comparePrompts: ComparePrompts;
}

/** Evaluators, and the blocks that weigh, order and shape payloads. */
@Module({})
export class EvaluatorModule {
  static with({
    evaluators,
    asksModel,
    goldenSets,
    goldenCases,
    tests,
    comparePrompts,
  }: Parts): DynamicModule {
    return {
      module: EvaluatorModule,
      controllers: [
        JudgesController,
        ...definitionsControllers({ resource: 'evaluators', schema: EvaluatorDefinition, shelf: EVALUATORS }),
        ...definitionsControllers({
          resource: 'golden-sets',
          schema: GoldenSetDefinition,
          shelf: GOLDEN_SETS,
        }),
        goldenCasesController(GOLDEN_SETS),
        EvaluatorTestsController,
        PromptComparisonsController,
      ],
      providers: [
        { provide: EVALUATORS, useValue: evaluators },
        { provide: AsksModel, useValue: asksModel },
        { provide: GOLDEN_SETS, useValue: goldenSets },
        { provide: GoldenCases, useValue: goldenCases },
        { provide: EvaluatorTests, useValue: tests },
        { provide: ComparePrompts, useValue: comparePrompts },
      ],
    };
  }
}

/** While a version is published, others that publish the same evaluator wait. */
const PROMPT_WITHIN_MS = 5_000;

export const evaluatorService: ServiceDefinition = {
  name: 'evaluator',
  schema: 'evaluator',
  resources: ['evaluators', 'golden-sets', 'evaluator-tests', 'prompt-comparisons'],
  migrations: [
    ...BLOCK_MIGRATIONS,
    ...DEFINITION_MIGRATIONS,
    EvaluatorTests1764000042200,
    PromptComparisons1764000066000,
  ],
  create(parts) {
    const { config, database, transactions, clock, urls, log } = parts;
    const past = new PastInputsClient(urls.orchestrator, urls.llmRunner);
    const promptOf = async ({ kind, reference }: DefinitionUse): Promise<string | undefined> => {
      if (kind !== 'prompt') return undefined;
      const { version } = await past.show(reference, AbortSignal.timeout(PROMPT_WITHIN_MS));
      return `${reference.split('@')[0]!}@${version}`;
    };
    const library: EvaluatorLibrary = new DefinitionLibrary(
      evaluatorKind,
      database,
      transactions,
      clock,
      promptOf,
    );
    const { publishPolicy } = config;
    const evaluators = {
      library,
      drafts: new DefinitionDrafts(library, database, transactions, clock, publishPolicy),
    };
    const sets: GoldenSetLibrary = new DefinitionLibrary(goldenSetKind, database, transactions, clock);
    const goldenSets = {
      library: sets,
      drafts: new DefinitionDrafts(sets, database, transactions, clock, publishPolicy),
    };
    const goldenCases = new GoldenCases(sets, goldenSets.drafts, clock);
    const expressions = new Expressions();
    const judges = new JudgeClient(urls.llmRunner);
    const evaluate = new EvaluatePayload(library, judges, expressions);
    const libraries = { evaluators: library, goldenSets: sets };
    const tests = new EvaluatorTests(database, libraries, evaluate, clock, log);
    const comparePrompts = new ComparePrompts(past, judges, evaluate, library, database, clock);
    const thread: Background = { start: () => Promise.resolve(), stop: () => expressions.stop() };
    return {
      module: EvaluatorModule.with({
        evaluators,
        asksModel: new AsksModel(library),
        goldenSets,
        goldenCases,
        tests,
        comparePrompts,
      }),
      background: [
        thread,
        tests,
        new BlockWorker(parts, 'evaluator', [
          evaluateBlock(evaluate),
          sortBlock(expressions),
          selectBlock(expressions),
          splitBlock(),
          transformBlock(expressions),
        ]),
      ],
    };
  },
};
