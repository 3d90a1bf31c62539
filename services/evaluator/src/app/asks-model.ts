import { DEEPEST } from './evaluate-payload.js';
import type { EvaluatorLibrary } from './evaluator-kind.js';

/** Whether evaluators ask a model, and so may cost something: by themselves, or by those that a composite holds. */
export class AsksModel {
  constructor(private readonly library: EvaluatorLibrary) {}

  /** undefined: nobody knows, for one of them is not published, or they hold each other. */
  async execute(reference: string, depth = 0): Promise<boolean | undefined> {
    const version = depth > DEEPEST ? undefined : await this.library.find(reference);
    if (!version) return undefined;
    const { definition, pins } = version;
    if (definition.type !== 'composite') return definition.type === 'model';
    const held = await Promise.all(
      definition.with.evaluators.map(({ evaluator }) =>
        this.execute(pins?.[evaluator] ?? evaluator, depth + 1),
      ),
    );
    if (held.includes(true)) return true;
    return held.includes(undefined) ? undefined : false;
  }
}
