import { userHeader } from '@duofactory/contracts';
import { Problem, traceHeaders, type Database } from '@duofactory/platform';
import { originsOf, type EpisodeOrigin } from '../store/episode-origins.js';
import { unknownEpisode } from './change-episode.js';

/** More than people hear in a day. Each is a run of its own. */
export const MOST_REVIEWS = 100;
const AT_ONCE = 4;

export interface ReviewResult {
  readonly episode: string;
  readonly outcome: 'asked' | 'refused';
  /** In which the review waits. */
  readonly run?: string;
  readonly problem?: Record<string, unknown>;
}

/**
 * Has people review episodes once more: the run that made one asks again from its review on, and what is approved is
 * published as ever. One that is refused stops none.
 */
export class AskForReviews {
  constructor(
    private readonly database: Database,
    private readonly orchestratorUrl: string,
    private readonly patienceMs = 15_000,
  ) {}

  /** Throws Problem `too-many-episodes`. */
  async execute(
    environment: string,
    episodes: readonly string[],
    of: { by: string; idempotencyKey: string },
  ): Promise<ReviewResult[]> {
    if (episodes.length > MOST_REVIEWS) throw tooMany(episodes.length);
    const origins = new Map(
      (await originsOf(this.database, environment, episodes)).map((origin) => [origin.episode, origin]),
    );
    const results: ReviewResult[] = [];
    const todo = episodes.entries();
    const next = async (): Promise<void> => {
      for (const [i, episode] of todo)
        results[i] = await this.#ask(environment, episode, origins.get(episode), of);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    return results;
  }

  async #ask(
    environment: string,
    episode: string,
    origin: EpisodeOrigin | undefined,
    { by, idempotencyKey }: Parameters<AskForReviews['execute']>[2],
  ): Promise<ReviewResult> {
    if (!origin)
      return { episode, outcome: 'refused', problem: unknownEpisode(environment, episode).toJSON() };
    const answered = await fetch(new URL(`/api/tasks/${origin.task}/reviews`, this.orchestratorUrl), {
      method: 'POST',
      signal: AbortSignal.timeout(this.patienceMs),
      headers: {
        ...traceHeaders(),
        'x-duofactory-user': userHeader(by),
        'idempotency-key': `episode-review/${idempotencyKey}/${origin.task}`,
      },
    }).then(
      async (response) => ({ ok: response.ok, body: (await response.json()) as Record<string, unknown> }),
      () => undefined,
    );
    if (!answered) return { episode, outcome: 'refused', problem: notReached().toJSON() };
    const { ok, body } = answered;
    if (!ok) return { episode, outcome: 'refused', problem: body };
    return { episode, outcome: 'asked', run: body['id'] as string };
  }
}

function tooMany(count: number): Problem {
  return new Problem({
    status: 422,
    code: 'too-many-episodes',
    title: 'Too many episodes',
    detail: `${count} episodes are more than people hear in a day: choose ${MOST_REVIEWS} at most`,
    errors: [{ field: 'episodes', message: `At most ${MOST_REVIEWS}` }],
  });
}

function notReached(): Problem {
  return new Problem({
    status: 503,
    code: 'orchestrator-away',
    title: 'The orchestrator does not answer',
    detail:
      'The orchestrator was not reached: send the request again in a moment, with the same Idempotency-Key',
  });
}
