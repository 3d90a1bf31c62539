import type { ObjectStore } from '@duofactory/objects';
import { Problem, TimePosition, decodeCursor, encodeCursor, type Database } from '@duofactory/platform';
import { Type } from 'typebox';
import type { EpisodeFilter } from '../store/episode-filter.js';
import {
  findEpisode,
  groupEpisodes,
  listCourses,
  listEnvironments,
  listEpisodes,
  listEpisodesByPlace,
  listNodes,
  listVersions,
  type CourseSummary,
  type EpisodeGroup,
  type EpisodeSummary,
  type EpisodeVersion,
  GROUPINGS,
  type EpisodePosition,
  type NodeSlots,
} from '../store/read-catalog.js';
import { unknownEpisode } from './change-episode.js';

export interface EpisodeDetail extends EpisodeSummary {
  readonly provenance: EpisodeVersion['provenance'];
  /** Where an operator finds its parts. */
  readonly files: { readonly episode: string; readonly audio: string };
  /** Where a player gets them. */
  readonly links: { readonly episode: string; readonly audio: string };
}

export interface NodeSummary extends Omit<NodeSlots, 'slots' | 'taken'> {
  /** Up to the last one that an episode ever had, those that no episode has now: the first of them. */
  readonly emptySlots: readonly number[];
}

export { GROUPINGS, type EpisodeFilter };

/** More gaps than this in a node are a mistake of somebody, and no list to read. */
const MOST_EMPTY = 50;
/** Of an export, in memory at a time. */
const EXPORT_PAGE = 500;

const PlacePosition = Type.Object({
  node: Type.String(),
  slot: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 }),
  id: Type.String({ format: 'uuid' }),
});

/** The catalog as readers and editors see it. */
export class ReadCatalog {
  constructor(
    private readonly database: Database,
    private readonly objects: ObjectStore,
  ) {}

  environments(): Promise<string[]> {
    return listEnvironments(this.database);
  }

  courses(environment: string): Promise<CourseSummary[]> {
    return listCourses(this.database, environment);
  }

  async nodes(environment: string, course: string): Promise<NodeSummary[]> {
    const nodes = await listNodes(this.database, environment, course);
    return nodes.map(({ slots, taken, ...node }) => ({ ...node, emptySlots: emptySlots(slots, taken) }));
  }

  async episodes(
    filter: EpisodeFilter,
    { cursor, limit }: { cursor?: string; limit: number },
  ): Promise<{ episodes: EpisodeSummary[]; next?: string }> {
    const before = cursor === undefined ? {} : { before: placeOf(cursor) };
    const found = await listEpisodes(this.database, filter, { ...before, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return found.length > limit && last
      ? { episodes: page, next: encodeCursor({ at: last.updatedAt, id: last.id }) }
      : { episodes: page };
  }

  /** As they lie in their course. */
  async episodesByPlace(
    filter: EpisodeFilter,
    { cursor, limit }: { cursor?: string; limit: number },
  ): Promise<{ episodes: EpisodeSummary[]; next?: string }> {
    const after = cursor === undefined ? {} : { after: decodeCursor(cursor, PlacePosition) };
    const found = await listEpisodesByPlace(this.database, filter, { ...after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return found.length > limit && last
      ? { episodes: page, next: encodeCursor(positionOf(last)) }
      : { episodes: page };
  }

  /** All that match, as they lie in their course, a page in memory at a time. */
  async *every(filter: EpisodeFilter): AsyncGenerator<EpisodeSummary> {
    let after: EpisodePosition | undefined;
    for (;;) {
      const page = await listEpisodesByPlace(this.database, filter, {
        ...(after ? { after } : {}),
        limit: EXPORT_PAGE,
      });
      yield* page;
      if (page.length < EXPORT_PAGE) return;
      after = positionOf(page.at(-1)!);
    }
  }

  groups(filter: EpisodeFilter, by: keyof typeof GROUPINGS): Promise<EpisodeGroup[]> {
    return groupEpisodes(this.database, filter, by);
  }

  async show(environment: string, id: string): Promise<EpisodeDetail> {
    const episode = await this.#episode(environment, id);
    const shown = episode.version ?? episode.newestVersion ?? undefined;
    const { object, audio, provenance, version } = await this.#version(episode, shown);
    const query = `environment=${environment}${version === episode.version ? '' : `&version=${version}`}`;
    return {
      ...episode,
      provenance,
      files: { episode: this.objects.locate(object), audio: this.objects.locate(audio) },
      links: {
        episode: `/api/episodes/${id}/episode.json?${query}`,
        audio: `/api/episodes/${id}/audio?${query}`,
      },
    };
  }

  async versions(environment: string, id: string): Promise<EpisodeVersion[]> {
    await this.#episode(environment, id);
    return listVersions(this.database, environment, id);
  }

  async document(environment: string, id: string, version?: number): Promise<Uint8Array> {
    const { object } = await this.#version(await this.#episode(environment, id), version);
    const found = await this.objects.getNamed(object);
    if (!found) throw notPublished(id, version);
    return found.bytes;
  }

  async audio(
    environment: string,
    id: string,
    version?: number,
  ): Promise<{ bytes: Uint8Array; mediaType: string; etag: string }> {
    const { audio } = await this.#version(await this.#episode(environment, id), version);
    return { bytes: await this.objects.get(audio), mediaType: audio.mediaType, etag: `"${audio.object}"` };
  }

  async #episode(environment: string, id: string): Promise<EpisodeSummary> {
    const episode = await findEpisode(this.database, environment, id);
    if (episode) return episode;
    throw unknownEpisode(environment, id);
  }

  /** Default: the one that readers get. */
  async #version(episode: EpisodeSummary, version = episode.version): Promise<EpisodeVersion> {
    const versions = await listVersions(this.database, episode.environment, episode.id);
    const found = versions.find((one) => one.version === version);
    if (!found) throw notPublished(episode.id, version ?? undefined);
    return found;
  }
}

const positionOf = ({ node, slot, id }: EpisodeSummary): EpisodePosition => ({ node, slot, id });

/** From the first slot, 1 or lower, to the last. */
function emptySlots(slots: readonly number[], taken: readonly number[]): number[] {
  const has = new Set(taken);
  const empty: number[] = [];
  const last = Math.max(...slots, 0);
  for (let slot = Math.min(...slots, 1); slot <= last && empty.length < MOST_EMPTY; slot += 1)
    if (!has.has(slot)) empty.push(slot);
  return empty;
}

function notPublished(id: string, version?: number): Problem {
  return new Problem({
    status: 404,
    code: 'episode-not-published',
    title: 'Not published',
    detail:
      version === undefined
        ? `Episode ${id} has no published version: ?version= gives one of GET /api/episodes/${id}/versions`
        : `Episode ${id} has no version ${version}`,
  });
}

function placeOf(cursor: string): { at: Date; id: string } {
  const { at, id } = decodeCursor(cursor, TimePosition);
  return { at: new Date(at), id };
}
