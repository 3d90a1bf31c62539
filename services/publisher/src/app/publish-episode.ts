import { BlockFailure } from '@duofactory/block-kit';
import type { ObjectStore } from '@duofactory/objects';
import type { PublishResult } from '@duofactory/contracts';
import type { Database } from '@duofactory/platform';
import { findListed } from '../store/listing.js';
import { buildEpisode, episodeId, type EpisodeParts } from './build-episode.js';
import { ListVersion, SlotTaken, VersionRecalled } from './list-version.js';
import { SettleCourse } from './settle-course.js';
import { wasRecalled, WriteVersion } from './write-version.js';

/**
 * Publishes an episode: reserve a version, write `episode.json`, list it, then bring its course's manifest up to date and
 * say so. Every step may be done again, so an attempt that ended anywhere is simply repeated: readers see the manifest
 * change last, and only ever to what is there.
 */
export class PublishEpisode {
  constructor(
    private readonly database: Database,
    private readonly objects: ObjectStore,
    private readonly write: WriteVersion,
    private readonly list: ListVersion,
    private readonly settle: SettleCourse,
  ) {}

  async execute(
    given: EpisodeParts,
    of: { task: string; run: string; block?: string; replace?: boolean },
  ): Promise<PublishResult> {
    const { replace = false, ...made } = of;
    const { environment, course, node } = given;
    // An editor may have moved it: its new versions come where it lies now.
    const lies = await findListed(this.database, environment, episodeId(given));
    const parts = { ...given, slot: lies?.slot ?? given.slot };
    const episode = { ...buildEpisode(parts), id: episodeId(given) };
    const { version, object, is } = await this.write.execute(environment, episode, made);
    if (is === 'new') {
      const place = { environment, course: course.id, node: node.id, id: episode.id, slot: parts.slot };
      try {
        await this.list.execute(place, { version, change: 'published', by: null, replace, newerStays: true });
      } catch (error) {
        if (error instanceof SlotTaken) throw slotTaken(error);
        if (error instanceof VersionRecalled) throw wasRecalled(episode.id, version);
        throw error;
      }
    }
    await this.settle.execute(environment, course.id);
    return {
      episode: episode.id,
      version,
      environment,
      course: course.id,
      node: node.id,
      slot: parts.slot,
      url: this.objects.locate(object),
      unchanged: is === 'current',
    };
  }
}

function slotTaken({ message, code, cause }: SlotTaken): BlockFailure {
  return new BlockFailure(code, `${message}: choose another slot, or publish with "replace": true`, {
    cause,
  });
}
