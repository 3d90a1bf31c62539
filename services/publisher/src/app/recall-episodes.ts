import { hashJson } from '@duofactory/contracts';
import {
  Problem,
  TimePosition,
  decodeCursor,
  encodeCursor,
  type Clock,
  type Database,
  type Queryable,
  type Transactions,
} from '@duofactory/platform';
import { randomUUID } from 'node:crypto';
import { list, lockCourse } from '../store/listing.js';
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
import { ChangeEpisode } from './change-episode.js';
import { SettleCourse } from './settle-course.js';

export type { RecallInput };

const AT_ONCE = 4;

export interface RecallQuestion {
  readonly input: RecallInput;
  readonly environments: readonly string[];
  /** What becomes of an episode whose readers have an affected version: the newest one that is not, or none. */
  readonly remedy: 'unpublish' | 'rollback';
}

export interface RecallForecast extends RecallQuestion {
  /** Stands for what was found: the recall wants it, so that nothing is recalled that nobody has seen. */
  readonly seal: string;
  readonly episodes: Found[];
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
    private readonly change: ChangeEpisode,
    private readonly settle: SettleCourse,
  ) {}

  /** What a recall would do; it does nothing. */
  async forecast(question: RecallQuestion): Promise<RecallForecast> {
    return forecastOf(question, await lookAt(this.database, question));
  }

  /** Throws Problem `seal-missing` or `seal-broken`: the forecast comes first, and nothing changed since. */
  async execute(
    question: RecallQuestion,
    { seal, reason, by }: { seal: string | undefined; reason: string; by: string },
  ): Promise<Recall> {
    if (seal === undefined) throw sealMissing();
    const { environments, input, remedy } = question;
    const before = await lookAt(this.database, question);
    const expected = forecastOf(question, before);
    if (seal !== expected.seal) throw sealBroken(expected.episodes.length);
    const placed = await this.#placed(expected.episodes);
    const courses = coursesOf(before);
    const recall = await this.transactions.run(async (tx) => {
      // Those of earlier versions too: nobody may roll back to one meanwhile.
      for (const { environment, course } of courses) await lockCourse(tx, environment, course);
      // What was read before the locks says only which to take: what readers have is known under them.
      const affected = await lookAt(tx, question);
      const found = forecastOf(question, affected);
      if (seal !== found.seal) throw sealBroken(found.episodes.length);
      const made: Recall = {
        ...{ id: randomUUID(), input, environments: [...environments], remedy, reason },
        ...{ recalledBy: by, recalledAt: this.clock.now() },
        episodes: found.episodes.map(({ environment, id, version }) => ({
          ...{ environment, episode: id, version },
        })),
      };
      await markRecalled(tx, affected);
      // The seal holds, so they are the episodes for which versions were placed.
      for (const [i, { environment, id }] of found.episodes.entries()) {
        const version = placed[i]!;
        await list(tx, {
          ...{ environment, id, version, by, recall: made.id, now: made.recalledAt },
          change: version === null ? 'recalled' : 'rolled-back',
        });
      }
      await insertRecall(tx, made);
      return made;
    });
    for (const { environment, course } of courses) await this.settle.execute(environment, course);
    return recall;
  }

  /** What readers get instead, of each: an earlier version lies where the episode lies now. */
  async #placed(episodes: readonly Found[]): Promise<(number | null)[]> {
    const versions: (number | null)[] = [];
    const todo = episodes.entries();
    const next = async (): Promise<void> => {
      for (const [i, { then, ...place }] of todo)
        versions[i] = then === null ? null : await this.change.placed(place, then);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    return versions;
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

type Found = Omit<AffectedVersion, 'cleanBefore'> & { readonly then: number | null };

/** All versions that the input went into, each with what its readers would get instead. */
async function lookAt(db: Queryable, { environments, input, remedy }: RecallQuestion): Promise<Found[]> {
  const affected = await affectedVersions(db, environments, provenanceOf(input));
  return affected.map(({ cleanBefore, ...one }) => ({
    ...one,
    then: remedy === 'rollback' && one.current ? cleanBefore : null,
  }));
}

function forecastOf(question: RecallQuestion, found: readonly Found[]): RecallForecast {
  const episodes = found.filter(({ current }) => current);
  const sealed = found.map(({ environment, id, version, current, then }) => [
    environment,
    id,
    version,
    current,
    then,
  ]);
  return {
    ...{ ...question, episodes, earlierVersions: found.length - episodes.length },
    seal: hashJson([question, sealed]),
  };
}

/** In one order, as everybody who takes several. */
function coursesOf(
  versions: readonly Pick<AffectedVersion, 'environment' | 'course'>[],
): { environment: string; course: string }[] {
  const courses = new Map(
    versions.map(({ environment, course }) => [`${environment}/${course}`, { environment, course }]),
  );
  return [...courses].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, course]) => course);
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
