import { Problem, type Clock, type Database, type Transactions } from '@duofactory/platform';
import { findListed, list, lockCourse } from '../store/listing.js';
import { findEpisode, type EpisodeSummary } from '../store/read-catalog.js';
import { changedMeanwhile, ChangeEpisode, notPublished, unknownEpisode } from './change-episode.js';
import { SettleCourse } from './settle-course.js';

/** Gives an episode another name. It is part of `episode.json`: readers get it as a version of its own. */
export class RenameEpisode {
  constructor(
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly change: ChangeEpisode,
    private readonly settle: SettleCourse,
  ) {}

  async execute(
    environment: string,
    id: string,
    { title: given, by }: { title: string; by: string },
  ): Promise<EpisodeSummary> {
    const title = given.trim();
    if (title === '') throw unnamed();
    const episode = await findEpisode(this.database, environment, id);
    if (!episode) throw unknownEpisode(environment, id);
    const { course, version: from } = episode;
    if (from === null) throw notPublished(environment, id);
    if (episode.title !== title) {
      const { version } = await this.change.rewrite(environment, id, from, { title });
      await this.transactions.run(async (tx) => {
        await lockCourse(tx, environment, course);
        const standing = await findListed(tx, environment, id);
        if (standing?.listed !== from) throw changedMeanwhile(id);
        await list(tx, { environment, id, version, change: 'renamed', by, now: this.clock.now() });
      });
    }
    await this.settle.execute(environment, course);
    return (await findEpisode(this.database, environment, id))!;
  }
}

function unnamed(): Problem {
  return new Problem({
    status: 422,
    code: 'invalid-action',
    title: 'The action is refused',
    detail: 'title: An episode has a name of 1 to 200 characters',
    errors: [{ field: 'title', message: 'Write a name of 1 to 200 characters' }],
  });
}
