import { Controller } from '@nestjs/common';
import {
  blockTypeRegisteredV1,
  type BlockManifest,
  type BlockTypeRegistered,
  type CloudEvent,
} from '@duofactory/contracts';
import { Consumes } from '@duofactory/messaging';
import { Clock, Database } from '@duofactory/platform';
import { registerBlockType } from '../store/block-types.js';

/** Keeps the newest manifest of every block type. */
@Controller()
export class BlockTypeRegisteredHandler {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  @Consumes(blockTypeRegisteredV1, { fromBeginning: true })
  async handle({ data }: CloudEvent<BlockTypeRegistered>): Promise<void> {
    const manifest = data.manifest as BlockManifest;
    await registerBlockType(this.database, { service: data.service, manifest, now: this.clock.now() });
  }
}
