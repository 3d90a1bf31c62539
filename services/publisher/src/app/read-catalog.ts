import type { ObjectStore } from '@duofactory/objects';
import { Problem, TimePosition, decodeCursor, encodeCursor, type Database } from '@duofactory/platform';
import type { EpisodeFilter } from '../store/episode-filter.js';
import {
  findEpisode,
  groupEpisodes,
  listCourses,
  listEnvironments,
  listEpisodes,
  listNodes,
  listVersions,
  type CourseSummary,
  type EpisodeGroup,
  type EpisodeSummary,
  type EpisodeVersion,
  GROUPINGS,
  type NodeSummary,
} from '../store/read-catalog.js';
import { unknownEpisode } from './change-episode.js';

export interface EpisodeDetail extends EpisodeSummary {
  readonly provenance: EpisodeVersion['provenance'];
  /** Where an operator finds its parts. */
  readonly files: { readonly episode: string; readonly audio: string };
  /** Where a player gets them. */
  readonly links: { readonly episode: string; readonly audio: string };
}

export { GROUPINGS };

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

  nodes(environment: string, course: string): Promise<NodeSummary[]> {
    return listNodes(this.database, environment, course);
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
