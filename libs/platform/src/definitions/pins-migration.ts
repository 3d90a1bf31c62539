import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `pins`: which version each reference to its own kind stood for when a version was published, such as the parts of a composite. */
export class DefinitionPins1764000054000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE definition_versions ADD COLUMN pins jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE definition_versions DROP COLUMN pins');
  }
}
