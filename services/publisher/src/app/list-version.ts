import type { Clock, Transactions } from '@duofactory/platform';
import {
  findListed,
  list,
  lockCourse,
  occupantOf,
  type Change,
  type ListedEpisode,
} from '../store/listing.js';
import { isRecalled } from '../store/recalls.js';

export interface Place {
  readonly environment: string;
  readonly course: string;
  readonly node: string;
  readonly id: string;
  readonly slot: number;
}

/** Another episode has the slot. */
export class SlotTaken extends Error {
  readonly code = 'slot-taken';
  constructor(
    { environment, node, slot }: Place,
    readonly occupant: ListedEpisode,
  ) {
    super(
      `Slot ${slot} of ${node} (${environment}) has episode ${occupant.id} of "${occupant.wrapper}" ("${occupant.title}")`,
    );
    this.name = 'SlotTaken';
  }
}

/** It was taken back before it was listed: readers must not get it. */
export class VersionRecalled extends Error {
  readonly code = 'version-recalled';
  constructor(id: string, version: number) {
    super(`Version ${version} of episode ${id} was recalled`);
    this.name = 'VersionRecalled';
  }
}

/** Lists a version that is written: what the manifest of its course is to have. A slot has one episode. */
export class ListVersion {
  constructor(
    private readonly transactions: Transactions,
    private readonly clock: Clock,
  ) {}

  /** False: it was listed already, or a newer version is, and stays. Throws VersionRecalled, or SlotTaken unless the one that has the slot is to be replaced. */
  execute(
    place: Place,
    of: { version: number; change: Change; by: string | null; replace?: boolean; newerStays?: boolean },
  ): Promise<boolean> {
    const { environment, course, id, slot } = place;
    const { version, change, by, replace = false, newerStays = false } = of;
    return this.transactions.run(async (tx) => {
      const now = this.clock.now();
      await lockCourse(tx, environment, course);
      if (await isRecalled(tx, { environment, id, version })) throw new VersionRecalled(id, version);
      const standing = await findListed(tx, environment, id);
      const { listed = null } = standing ?? {};
      if (newerStays && listed !== null && listed > version) return false;
      if (listed === version && standing?.slot === slot) return false;
      const occupant = await occupantOf(tx, { ...place, but: id });
      if (occupant && !replace) throw new SlotTaken(place, occupant);
      if (occupant)
        await list(tx, { environment, id: occupant.id, version: null, change: 'replaced', by, now });
      await list(tx, { environment, id, version, change, by, slot, now });
      return true;
    });
  }
}
