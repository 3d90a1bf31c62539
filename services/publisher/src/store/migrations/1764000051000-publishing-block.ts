import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The block that published a version: how far its run had come. */
export class PublishingBlock1764000051000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE episode_versions ADD block text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE episode_versions DROP block');
  }
}
