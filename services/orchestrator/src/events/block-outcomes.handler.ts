import { Controller } from '@nestjs/common';
import { attemptPaidV1, blockCompletedV1, blockFailedV1, type CloudEvent } from '@duofactory/contracts';
import { ConsumesBatch } from '@duofactory/messaging';
import { ObjectStore } from '@duofactory/objects';
import { AdvanceRuns } from '../app/advance/advance-runs.js';
import { AttemptNamed, outcomeOfAnswer, type AnswerKind } from '../app/advance/block-outcome.js';
import { ChildRuns } from '../app/advance/child-runs.js';

// What names no attempt is parked; the rest of the contract is checked below, so that a broken answer fails its attempt.
const ANSWERS = [
  { ...blockCompletedV1, schema: AttemptNamed },
  { ...blockFailedV1, schema: AttemptNamed },
  { ...attemptPaidV1, schema: AttemptNamed },
] as const;

const KINDS = new Map<string, AnswerKind>([
  [blockCompletedV1.type, 'completed'],
  [blockFailedV1.type, 'failed'],
  [attemptPaidV1.type, 'paid'],
]);

/** Settles what services answered, a micro-batch a transaction. A second delivery is recorded and changes nothing. */
@Controller()
export class BlockOutcomesHandler {
  constructor(
    private readonly advance: AdvanceRuns,
    private readonly objects: ObjectStore,
    private readonly children: ChildRuns,
  ) {}

  @ConsumesBatch(ANSWERS, { fromBeginning: true })
  async handle(events: CloudEvent<AttemptNamed>[]): Promise<void> {
    const settled = await Promise.all(
      events.map(({ type, data }) => outcomeOfAnswer(KINDS.get(type)!, data, this.objects)),
    );
    const paidAfterEnd = await this.advance.settle(
      settled.map((outcome, i) => {
        const { traceparent } = events[i]!;
        return traceparent === undefined ? outcome : { ...outcome, traceparent };
      }),
    );
    await this.children.paidAfterEnd(paidAfterEnd);
  }
}
