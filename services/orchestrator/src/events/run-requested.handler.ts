import { Controller } from '@nestjs/common';
import { runRequestedV1, type CloudEvent, type RunRequested } from '@duofactory/contracts';
import { ConsumesBatch } from '@duofactory/messaging';
import { eventKey } from '../app/starts/event-key.js';
import { StartRun } from '../app/commands/start-run.js';

/**
 * Starts the runs that other services asked for, as many as wait in one transaction. A second delivery finds the first
 * one's run. An unknown workflow and inputs that do not fit are terminal: the batch is cut until the message that
 * causes it stands alone, and that one is parked.
 */
@Controller()
export class RunRequestedHandler {
  constructor(private readonly startRun: StartRun) {}

  @ConsumesBatch(runRequestedV1, { fromBeginning: true, maxBatch: 200, paceMs: 10 })
  async handle(events: CloudEvent<RunRequested>[]): Promise<void> {
    await this.startRun.executeAll(
      events.map(({ data, traceparent, ...event }) => ({
        workflow: data.workflow,
        inputs: data.inputs ?? {},
        traceparent,
        idempotencyKey: eventKey(event),
      })),
    );
  }
}
