import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether all that a run waits for are decisions of people: its open tasks are reviews, or runs inside it of which the
 * same is true. Counters answer for most runs: tasks are looked at only for an expression that is under way, and runs
 * inside only where nothing but reviews is left beside them.
 */
export class RunsThatAwaitReview1764000065000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION awaits_review(asked uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
      DECLARE
        outside bigint;
        reviews bigint;
        inside bigint;
      BEGIN
        SELECT coalesce(sum(b.tasks - b.done - b.failed) - sum(b.requested), 0), coalesce(sum(b.requested), 0)
          INTO outside, inside
          FROM blocks b JOIN runs r ON r.id = b.run WHERE b.run = asked AND r.status = 'running';
        IF outside > 0 OR inside = 0 THEN
          RETURN false;
        END IF;
        SELECT coalesce(sum(b.requested) FILTER (WHERE d.one->>'type' = 'review'), 0),
          coalesce(sum(b.requested) FILTER (WHERE d.one->>'type' = 'workflow'), 0),
          coalesce(sum(b.requested) FILTER (WHERE d.one->>'type' NOT IN ('review', 'workflow')), 0)
          INTO reviews, inside, outside
          FROM runs r
          JOIN workflow_versions v ON v.workflow = r.workflow AND v.version = r.version
          CROSS JOIN LATERAL jsonb_array_elements(v.definition->'blocks') AS d(one)
          JOIN blocks b ON b.run = asked AND b.block = d.one->>'id'
          WHERE r.id = asked;
        IF outside > 0 OR reviews + inside = 0
          OR EXISTS (SELECT FROM tasks t WHERE t.run = asked AND t.waits = 'evaluating') THEN
          RETURN false;
        END IF;
        IF inside = 0 THEN
          RETURN true;
        END IF;
        RETURN inside = (SELECT count(*) FROM runs c
            WHERE c.parent IS NOT NULL AND c.parent->>'run' = asked::text AND c.ended_at IS NULL)
          AND NOT EXISTS (SELECT FROM runs c
            WHERE c.parent IS NOT NULL AND c.parent->>'run' = asked::text AND c.ended_at IS NULL
              AND NOT awaits_review(c.id));
      END $$;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION awaits_review(uuid)');
  }
}
