import { Problem, type Database } from '@duofactory/platform';
import type { EpisodeFilter } from '../store/episode-filter.js';
import { listEpisodeIds } from '../store/read-catalog.js';
import { ChangeEpisode, type Action, type Changed } from './change-episode.js';
import { SettleCourse } from './settle-course.js';

export const MOST_EPISODES = 5_000;
const AT_ONCE = 4;

export interface ActionResult {
  readonly episode: string;
  readonly outcome: 'changed' | 'unchanged' | 'refused';
  /** What readers get now; null: nothing. Of what was not refused. */
  readonly version?: number | null;
  readonly problem?: Record<string, unknown>;
}

/** One action on many episodes: each by itself, so that one that is refused stops none; one manifest a course. */
export class ActOnEpisodes {
  constructor(
    private readonly database: Database,
    private readonly change: ChangeEpisode,
    private readonly settle: SettleCourse,
  ) {}

  /** Ids of all that match. Throws Problem `too-many-episodes`. */
  async matching(filter: EpisodeFilter): Promise<string[]> {
    const ids = await listEpisodeIds(this.database, filter, MOST_EPISODES + 1);
    if (ids.length <= MOST_EPISODES) return ids;
    throw new Problem({
      status: 422,
      code: 'too-many-episodes',
      title: 'Too many episodes',
      detail: `More than ${MOST_EPISODES} episodes match: narrow "where", by course for example`,
      errors: [{ field: 'where', message: 'Matches too many' }],
    });
  }

  async execute(
    environment: string,
    episodes: readonly string[],
    action: Action,
    by: string,
  ): Promise<ActionResult[]> {
    const results: ActionResult[] = [];
    const changed = new Map<string, Changed>();
    const todo = episodes.entries();
    const next = async (): Promise<void> => {
      for (const [i, episode] of todo) {
        try {
          const done = await this.change.execute(environment, episode, action, by);
          const { outcome, version } = done;
          changed.set(`${done.environment}/${done.course}`, done);
          results[i] = { episode, outcome, version };
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          results[i] = { episode, outcome: 'refused', problem: error.toJSON() };
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, next));
    } finally {
      for (const { environment: of, course } of changed.values()) await this.settle.execute(of, course);
    }
    return results;
  }
}
