import type { ObjectStore } from '@duofactory/objects';
import { Problem, TimePosition, decodeCursor, encodeCursor, type Database } from '@duofactory/platform';
import {
  findEpisode,
  listCourses,
  listEnvironments,
  listEpisodes,
  listNodes,
  listVersions,
  type EpisodeSummary,
  type EpisodeVersion,
} from '../store/read-catalog.js';

export interface EpisodeDetail extends EpisodeSummary {
  readonly provenance: unknown;
  /** Where an operator finds its parts. */
  readonly files: { readonly episode: string; readonly audio: string };
  /** Where a player gets them. */
  readonly links: { readonly episode: string; readonly audio: string };
}

/** The catalog as readers and editors see it. */
export class ReadCatalog {
  constructor(
    private readonly database: Database,
    private readonly objects: ObjectStore,
  ) {}

  environments(): Promise<string[]> {
    return listEnvironments(this.database);
  }

  courses(environment: string): Promise<unknown[]> {
    return listCourses(this.database, environment);
  }

  nodes(environment: string, course: string): Promise<unknown[]> {
    return listNodes(this.database, environment, course);
  }

  async episodes({
    cursor,
    limit,
    ...filters
  }: {
    environment: string;
    course?: string;
    node?: string;
    wrapper?: string;
    status?: string;
    cursor?: string;
    limit: number;
  }): Promise<{ episodes: EpisodeSummary[]; next?: string }> {
    const before = cursor === undefined ? {} : { before: placeOf(cursor) };
    const found = await listEpisodes(this.database, { ...filters, ...before, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return found.length > limit && last
      ? { episodes: page, next: encodeCursor({ at: last.updatedAt, id: last.id }) }
      : { episodes: page };
  }

  async show(environment: string, id: string): Promise<EpisodeDetail> {
    const episode = await this.#episode(environment, id);
    const { object, audio, provenance } = await this.#current(episode);
    return {
      ...episode,
      provenance,
      files: { episode: this.objects.locate(object), audio: this.objects.locate(audio) },
      links: {
        episode: `/api/episodes/${id}/episode.json?environment=${environment}`,
        audio: `/api/episodes/${id}/audio?environment=${environment}`,
      },
    };
  }

  async versions(environment: string, id: string): Promise<EpisodeVersion[]> {
    await this.#episode(environment, id);
    return listVersions(this.database, environment, id);
  }

  async document(environment: string, id: string): Promise<Uint8Array> {
    const { object } = await this.#current(await this.#episode(environment, id));
    const found = await this.objects.getNamed(object);
    if (!found) throw notPublished(id);
    return found.bytes;
  }

  async audio(
    environment: string,
    id: string,
  ): Promise<{ bytes: Uint8Array; mediaType: string; etag: string }> {
    const { audio } = await this.#current(await this.#episode(environment, id));
    return { bytes: await this.objects.get(audio), mediaType: audio.mediaType, etag: `"${audio.object}"` };
  }

  async #episode(environment: string, id: string): Promise<EpisodeSummary> {
    const episode = await findEpisode(this.database, environment, id);
    if (episode) return episode;
    throw new Problem({
      status: 404,
      code: 'unknown-episode',
      title: 'Unknown episode',
      detail: `The environment "${environment}" has no episode ${id}`,
    });
  }

  async #current({ environment, id, version }: EpisodeSummary): Promise<EpisodeVersion> {
    const versions = await listVersions(this.database, environment, id);
    const current = versions.find((one) => one.version === version);
    if (!current) throw notPublished(id);
    return current;
  }
}

function notPublished(id: string): Problem {
  return new Problem({
    status: 404,
    code: 'episode-not-published',
    title: 'Not published',
    detail: `Episode ${id} has no published version`,
  });
}

function placeOf(cursor: string): { at: Date; id: string } {
  const { at, id } = decodeCursor(cursor, TimePosition);
  return { at: new Date(at), id };
}
