import {
  contentPublishedV1,
  hashJson,
  uuidFrom,
  type Episode,
  type PublishResult,
} from '@duofactory/contracts';
import { ConditionFailed, type ObjectStore } from '@duofactory/objects';
import type { Clock, Transactions } from '@duofactory/platform';
import { keepPlace, markPublished } from '../store/mark-published.js';
import { lockEpisode, reserveVersion } from '../store/reserve-version.js';
import { buildEpisode, type EpisodeParts } from './build-episode.js';
import { enterIntoManifest } from './course-manifest.js';

interface Reserved {
  readonly version: number;
  readonly object: string;
  readonly unchanged: boolean;
}

/**
 * Publishes an episode: reserve a version, write `episode.json`, enter it into the course's manifest, then say so in
 * the catalog and by an event. Every step may be done again, so an attempt that ended anywhere is simply repeated:
 * readers see the manifest change last, and only ever to what is there.
 */
export class PublishEpisode {
  constructor(
    private readonly transactions: Transactions,
    private readonly objects: ObjectStore,
    private readonly clock: Clock,
  ) {}

  async execute(parts: EpisodeParts, { task, run }: { task: string; run: string }): Promise<PublishResult> {
    const episode = buildEpisode(parts);
    const { environment, course, node, slot } = parts;
    const reserved = await this.#reserve(parts, episode, { task, run });
    const { version, object, unchanged } = reserved;
    if (!unchanged) {
      await this.#write(object, { ...episode, version });
      const entry = { id: episode.id, version, node: node.id, slot, title: parts.title, object };
      await enterIntoManifest(this.objects, { environment, course, entry });
      await this.#announce(parts, { id: episode.id, version, object, run });
    }
    return {
      episode: episode.id,
      version,
      environment,
      course: course.id,
      node: node.id,
      slot,
      url: this.objects.locate(object),
      unchanged,
    };
  }

  /** The version for this content: that of an attempt before, the current one if nothing changed, or the next. */
  #reserve(
    { environment, course, node, slot, wrapper, title, viability }: EpisodeParts,
    episode: Omit<Episode, 'version'>,
    { task, run }: { task: string; run: string },
  ): Promise<Reserved> {
    const { id, audio, provenance, schemaVersion } = episode;
    const hash = contentHash(episode);
    return this.transactions.run(async (tx) => {
      const now = this.clock.now();
      const place = { id, environment, course: course.id, node: node.id, slot, wrapper };
      const { current, versions } = await lockEpisode(tx, place, now);
      const own = versions.find((one) => one.task === task && one.hash === hash);
      if (own) return { version: own.version, object: own.object, unchanged: false };
      const same = versions.find((one) => one.hash === hash && one.version === current);
      if (same) return { version: same.version, object: same.object, unchanged: true };
      const version = (versions[0]?.version ?? 0) + 1;
      const object = `episodes/${environment}/${course.id}/${node.id}/${id}/v${version}/episode.json`;
      await reserveVersion(tx, {
        environment,
        episode: id,
        version,
        hash,
        task,
        run,
        title,
        viability,
        schemaVersion,
        object,
        audio,
        provenance,
        now,
      });
      return { version, object, unchanged: false };
    });
  }

  async #write(object: string, episode: Episode): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(inOrder(episode), null, 2)}\n`);
    try {
      await this.objects.putNamed(object, bytes, 'application/json', { ifNoneMatch: '*' });
    } catch (error) {
      // An attempt before wrote it: the version was reserved for this very content.
      if (!(error instanceof ConditionFailed)) throw error;
    }
  }

  async #announce(
    { environment, course, node, slot }: EpisodeParts,
    { id, version, object, run }: { id: string; version: number; object: string; run: string },
  ): Promise<void> {
    await this.transactions.run(async (tx, emit) => {
      await keepPlace(tx, environment, course, node);
      const published = await markPublished(tx, {
        environment,
        episode: id,
        version,
        now: this.clock.now(),
      });
      if (!published) return;
      emit(contentPublishedV1, {
        key: id,
        subject: run,
        id: uuidFrom('published', environment, id, version),
        data: {
          episode: id,
          version,
          environment,
          course: course.id,
          node: node.id,
          slot,
          url: this.objects.locate(object),
          run,
        },
      });
    });
  }
}

/** What makes two episodes the same: all but the run that made them, and what it cost. */
function contentHash({ provenance, ...episode }: Omit<Episode, 'version'>): string {
  const { run: _, cost: __, ...lasting } = provenance;
  return hashJson({ ...episode, provenance: lasting });
}

/** With the fields in the order of the schema's documentation. */
function inOrder({ schemaVersion, id, version, ...rest }: Episode): Episode {
  return { schemaVersion, id, version, ...rest };
}
