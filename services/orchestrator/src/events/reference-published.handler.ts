import { Controller } from '@nestjs/common';
import { referencePublishedV1, type CloudEvent, type ReferencePublished } from '@duofactory/contracts';
import { Consumes } from '@duofactory/messaging';
import { Database } from '@duofactory/platform';
import { upsertReference } from '../store/references.js';

/** Keeps which versions of prompts, evaluators and sources exist, so that runs can pin them without asking anyone. */
@Controller()
export class ReferencePublishedHandler {
  constructor(private readonly database: Database) {}

  @Consumes(referencePublishedV1, { fromBeginning: true })
  async handle({ data }: CloudEvent<ReferencePublished>): Promise<void> {
    await upsertReference(this.database, data);
  }
}
