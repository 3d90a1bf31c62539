import { Controller } from '@nestjs/common';
import { runRequestedV1, type CloudEvent, type RunRequested } from '@duofactory/contracts';
import { Consumes } from '@duofactory/messaging';
import { StartRun } from '../app/start-run.js';

/**
 * Starts the run that another service asked for. A second delivery finds the first one's run.
 * An unknown workflow and inputs that do not fit are terminal: the message is parked.
 */
@Controller()
export class RunRequestedHandler {
  constructor(private readonly startRun: StartRun) {}

  @Consumes(runRequestedV1, { fromBeginning: true })
  async handle({ source, id, data }: CloudEvent<RunRequested>): Promise<void> {
    await this.startRun.execute({
      workflow: data.workflow,
      inputs: data.inputs ?? {},
      // CloudEvents: source and id together name one event for ever.
      idempotencyKey: `${source}#${id}`,
    });
  }
}
