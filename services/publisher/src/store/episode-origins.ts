import type { Queryable } from '@duofactory/platform';

/** The task that published what stands for an episode now, before anybody promoted, moved or renamed it. */
export interface EpisodeOrigin {
  readonly episode: string;
  readonly task: string;
}

// The first version that the run made: those that people made of it have no task of their own. $1 environment, $2 episodes
const ORIGINS = `
  SELECT e.id AS episode, (SELECT w.task FROM episode_versions w WHERE w.run = v.run AND w.episode = e.id
      ORDER BY w.created_at, w.environment, w.version LIMIT 1) AS task
  FROM episodes e
  JOIN LATERAL (SELECT run FROM episode_versions v WHERE v.environment = e.environment AND v.episode = e.id
      AND (e.version IS NULL OR v.version = e.version)
    ORDER BY v.version DESC LIMIT 1) v ON true
  WHERE e.environment = $1 AND e.id = ANY($2::uuid[])`;

export async function originsOf(
  db: Queryable,
  environment: string,
  episodes: readonly string[],
): Promise<EpisodeOrigin[]> {
  return (await db.query<EpisodeOrigin>({ text: ORIGINS, values: [environment, episodes] })).rows;
}
