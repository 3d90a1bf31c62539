import { hashJson } from '@duofactory/contracts';
import {
  Problem,
  TimePosition,
  decodeCursor,
  encodeCursor,
  type Clock,
  type Database,
  type Transactions,
} from '@duofactory/platform';
import { randomUUID } from 'node:crypto';
import { list, lockCourse } from '../store/listing.js';
import { listVersions } from '../store/read-catalog.js';
import {
  affectedVersions,
  findRecall,
  insertRecall,
  listRecalls,
  markRecalled,
  type AffectedVersion,
  type Recall,
  type RecallInput,
} from '../store/recalls.js';
import { earlierThan } from './change-episode.js';
import { SettleCourse } from './settle-course.js';

export type { RecallInput };

export interface RecallQuestion {
  readonly input: RecallInput;
  readonly environments: readonly string[];
  /** What becomes of an episode whose readers have an affected version: the newest one that is not, or none. */
  readonly remedy: 'unpublish' | 'rollback';
}

export interface RecallForecast extends RecallQuestion {
  /** Stands for what was found: the recall wants it, so that nothing is recalled that nobody has seen. */
  readonly seal: string;
  readonly episodes: (AffectedVersion & { readonly then: number | null })[];
  /** Earlier versions that it went into too: they can be rolled back to no more. */
  readonly earlierVersions: number;
}

/**
 * Takes back every episode that something went into. One query finds them by provenance, one transaction changes what
 * the catalog lists of all of them, then each course's manifest follows.
 */
export class RecallEpisodes {
  constructor(
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly settle: SettleCourse,
  ) {}

  /** What a recall would do; it does nothing. */
  async forecast(question: RecallQuestion): Promise<RecallForecast> {
    const affected = await affectedVersions(
      this.database,
      question.environments,
      provenanceOf(question.input),
    );
    const current = affected.filter((one) => one.current);
    const episodes = [];
    for (const one of current) {
      const { environment, id, version } = one;
      const earlier =
        question.remedy === 'rollback'
          ? earlierThan(
              (await listVersions(this.database, environment, id)).filter(
                (candidate) =>
                  !affected.some(
                    (hit) =>
                      hit.environment === environment && hit.id === id && hit.version === candidate.version,
                  ),
              ),
              version,
            )
          : undefined;
      episodes.push({ ...one, then: earlier?.version ?? null });
    }
    return {
      ...question,
      episodes,
      earlierVersions: affected.length - current.length,
      seal: hashJson([question, affected.map(({ environment, id, version }) => [environment, id, version])]),
    };
  }

  /** Throws Problem `seal-missing` or `seal-broken`: the forecast comes first, and nothing changed since. */
  async execute(
    question: RecallQuestion,
    { seal, reason, by }: { seal: string | undefined; reason: string; by: string },
  ): Promise<Recall> {
    const found = await this.forecast(question);
    if (seal === undefined) throw sealMissing();
    if (seal !== found.seal) throw sealBroken(found.episodes.length);
    const recall: Recall = {
      ...{ id: randomUUID(), input: question.input, environments: [...question.environments] },
      ...{ remedy: question.remedy, reason, recalledBy: by, recalledAt: this.clock.now() },
      episodes: found.episodes.map(({ environment, id, version }) => ({ environment, episode: id, version })),
    };
    const courses = new Map(
      found.episodes.map(({ environment, course }) => [`${environment}/${course}`, { environment, course }]),
    );
    await this.transactions.run(async (tx) => {
      // In one order, as everybody who takes several.
      for (const [, { environment, course }] of [...courses].sort(([a], [b]) => (a < b ? -1 : 1)))
        await lockCourse(tx, environment, course);
      const { environments, input } = question;
      const affected = await affectedVersions(tx, environments, provenanceOf(input));
      const now = affected.map(({ environment, id, version }) => [environment, id, version]);
      if (hashJson([question, now]) !== seal) throw sealBroken(affected.filter((one) => one.current).length);
      await markRecalled(tx, affected);
      for (const { environment, id, then } of found.episodes) {
        await list(tx, {
          ...{ environment, id, version: then, by, recall: recall.id, now: recall.recalledAt },
          change: then === null ? 'recalled' : 'rolled-back',
        });
      }
      await insertRecall(tx, recall);
    });
    for (const { environment, course } of courses.values()) await this.settle.execute(environment, course);
    return recall;
  }

  async list({
    cursor,
    limit,
  }: {
    cursor?: string;
    limit: number;
  }): Promise<{ recalls: Recall[]; next?: string }> {
    const position = cursor === undefined ? undefined : decodeCursor(cursor, TimePosition);
    const before = position ? { before: { at: new Date(position.at), id: position.id } } : {};
    const found = await listRecalls(this.database, { ...before, limit: limit + 1 });
    const recalls = found.slice(0, limit);
    const last = recalls.at(-1);
    return found.length > limit && last
      ? { recalls, next: encodeCursor({ at: last.recalledAt, id: last.id }) }
      : { recalls };
  }

  async show(id: string): Promise<Recall> {
    const recall = await findRecall(this.database, id);
    if (recall) return recall;
    throw new Problem({
      status: 404,
      code: 'unknown-recall',
      title: 'Unknown recall',
      detail: `No recall has the id ${id}: GET /api/recalls lists them`,
    });
  }
}

/** The part of an episode's provenance that says that the input went into it. */
function provenanceOf(input: RecallInput): object {
  if ('run' in input) return { run: input.run };
  const [name, value] = Object.entries(input)[0] as [string, string];
  return { [`${name}s`]: [value] };
}

function sealMissing(): Problem {
  return new Problem({
    status: 428,
    code: 'seal-missing',
    title: 'Look first',
    detail: 'Send "dryRun": true to see what would be recalled, then the same with the "seal" of that answer',
    errors: [{ field: 'seal', message: 'Missing' }],
  });
}

function sealBroken(episodes: number): Problem {
  return new Problem({
    status: 412,
    code: 'seal-broken',
    title: 'This is not what the dry run found',
    detail: `It is ${episodes} episodes now: send "dryRun": true again, and the seal of that answer`,
    errors: [{ field: 'seal', message: 'Of another answer' }],
  });
}
