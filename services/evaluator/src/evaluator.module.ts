import { Module, type DynamicModule } from '@nestjs/common';
import { EvaluatorDefinition } from '@duofactory/contracts';
import { BLOCK_MIGRATIONS, BlockWorker } from '@duofactory/block-kit';
import { Expressions } from '@duofactory/expressions';
import {
  DEFINITION_MIGRATIONS,
  DefinitionDrafts,
  DefinitionLibrary,
  definitionsControllers,
  type Background,
  type DefinitionShelf,
  type ServiceDefinition,
} from '@duofactory/platform';
import { EvaluatePayload } from './app/evaluate-payload.js';
import { evaluatorKind, type EvaluatorLibrary } from './app/evaluator-kind.js';
import { JudgeClient } from './app/judge-client.js';
import { evaluateBlock } from './blocks/evaluate/execute.js';
import { selectBlock } from './blocks/select/execute.js';
import { sortBlock } from './blocks/sort/execute.js';
import { splitBlock } from './blocks/split/execute.js';
import { transformBlock } from './blocks/transform/execute.js';

const EVALUATORS = Symbol('evaluators');

/** Evaluators, and the blocks that weigh, order and shape payloads. */
@Module({})
export class EvaluatorModule {
  static with(evaluators: DefinitionShelf): DynamicModule {
    return {
      module: EvaluatorModule,
      controllers: definitionsControllers({
        resource: 'evaluators',
        schema: EvaluatorDefinition,
        shelf: EVALUATORS,
      }),
      providers: [{ provide: EVALUATORS, useValue: evaluators }],
    };
  }
}

export const evaluatorService: ServiceDefinition = {
  name: 'evaluator',
  schema: 'evaluator',
  resources: ['evaluators'],
  migrations: [...BLOCK_MIGRATIONS, ...DEFINITION_MIGRATIONS],
  create(parts) {
    const { database, transactions, clock, urls } = parts;
    const library: EvaluatorLibrary = new DefinitionLibrary(evaluatorKind, database, transactions, clock);
    const drafts = new DefinitionDrafts(library, database, transactions, clock);
    const expressions = new Expressions();
    const evaluate = new EvaluatePayload(library, new JudgeClient(urls.llmRunner), expressions);
    const thread: Background = { start: () => Promise.resolve(), stop: () => expressions.stop() };
    return {
      module: EvaluatorModule.with({ library, drafts }),
      background: [
        thread,
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
