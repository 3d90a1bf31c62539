import type { Clock, Database, Transactions } from '@duofactory/platform';
import { findListed, list, lockCourse, occupantOf } from '../store/listing.js';
import { findEpisode, type EpisodeSummary } from '../store/read-catalog.js';
import {
  changedMeanwhile,
  ChangeEpisode,
  notPublished,
  slotTaken,
  unknownEpisode,
} from './change-episode.js';
import { SlotTaken } from './list-version.js';
import { SettleCourse } from './settle-course.js';

/**
 * Puts an episode into another slot of its node. If another has it, they may swap: both lie elsewhere in one manifest, so
 * that no reader sees two in a slot, or one in none. A slot is part of `episode.json`: each gets a version of its own.
 */
export class MoveEpisode {
  constructor(
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly change: ChangeEpisode,
    private readonly settle: SettleCourse,
  ) {}

  /** Throws Problem `slot-taken` that names who has the slot, unless they are to swap. */
  async execute(
    environment: string,
    id: string,
    { slot, swap, by }: { slot: number; swap: boolean; by: string },
  ): Promise<EpisodeSummary> {
    const episode = await findEpisode(this.database, environment, id);
    if (!episode) throw unknownEpisode(environment, id);
    const { course, node, slot: from } = episode;
    if (episode.version === null) throw notPublished(environment, id);
    if (from !== slot) {
      const place = { environment, course, node, id, slot };
      const taken = await occupantOf(this.database, { ...place, but: id });
      if (taken && !swap) throw refused(place, taken);
      const moved = await this.change.rewrite(environment, id, episode.version, { slot });
      const other = taken && {
        id: taken.id,
        ...(await this.change.rewrite(environment, taken.id, taken.listed!, { slot: from })),
      };
      await this.transactions.run(async (tx) => {
        const now = this.clock.now();
        await lockCourse(tx, environment, course);
        const occupant = await occupantOf(tx, { ...place, but: id });
        const standing = await findListed(tx, environment, id);
        // Somebody else moved one of them meanwhile: what was decided above holds no more.
        if (occupant && occupant.id !== other?.id) throw refused(place, occupant);
        if (standing?.slot !== from || standing.listed !== episode.version) throw changedMeanwhile(id);
        if (other && occupant && occupant.listed !== taken?.listed) throw changedMeanwhile(other.id);
        const change = { environment, change: 'moved' as const, by, now };
        await list(tx, { ...change, id, version: moved.version, slot });
        if (other && occupant)
          await list(tx, { ...change, id: other.id, version: other.version, slot: from });
      });
    }
    await this.settle.execute(environment, course);
    return (await findEpisode(this.database, environment, id))!;
  }
}

function refused(place: ConstructorParameters<typeof SlotTaken>[0], taken: SlotTaken['occupant']) {
  return slotTaken(new SlotTaken(place, taken), 'send "swap": true and each gets the slot of the other');
}
