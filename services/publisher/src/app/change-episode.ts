import { BlockFailure } from '@duofactory/block-kit';
import { uuidFrom, type Episode } from '@duofactory/contracts';
import type { ObjectStore } from '@duofactory/objects';
import { Problem, type Clock, type Database, type Transactions } from '@duofactory/platform';
import { findListed, list, lockCourse, type Change } from '../store/listing.js';
import {
  findEpisode,
  listVersions,
  type EpisodeSummary,
  type EpisodeVersion,
} from '../store/read-catalog.js';
import { ListVersion, SlotTaken, VersionRecalled, type Place } from './list-version.js';
import { WriteVersion } from './write-version.js';

export interface Changed {
  readonly outcome: 'changed' | 'unchanged';
  readonly environment: string;
  readonly course: string;
  /** What readers get now; null: nothing. */
  readonly version: number | null;
}

export type Action =
  | { readonly action: 'publish'; readonly replace?: boolean }
  | { readonly action: 'promote'; readonly to: string; readonly replace?: boolean }
  | { readonly action: 'unpublish' }
  | { readonly action: 'rollback'; readonly version?: number; readonly replace?: boolean };

/**
 * What people do with an episode. Changes what the catalog lists; whoever calls it settles the course afterwards, once
 * for all episodes of it. Done again, it changes nothing. Throws Problems.
 */
export class ChangeEpisode {
  constructor(
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly objects: ObjectStore,
    private readonly clock: Clock,
    private readonly write: WriteVersion,
    private readonly list: ListVersion,
  ) {}

  async execute(environment: string, id: string, action: Action, by: string): Promise<Changed> {
    const episode = await findEpisode(this.database, environment, id);
    if (!episode) throw unknownEpisode(environment, id);
    switch (action.action) {
      case 'publish':
        return this.#publish(episode, action, by);
      case 'promote':
        return this.#promote(episode, action, by);
      case 'rollback':
        return this.#rollback(episode, action, by);
      case 'unpublish':
        return this.withdraw(episode, 'unpublished', by);
    }
  }

  /** Takes an episode from its readers. */
  withdraw(
    { environment, course, id }: EpisodeSummary,
    change: Change,
    by: string,
    recall?: string,
  ): Promise<Changed> {
    return this.transactions.run(async (tx) => {
      await lockCourse(tx, environment, course);
      const standing = await findListed(tx, environment, id);
      if (standing?.listed === null) return { outcome: 'unchanged', environment, course, version: null };
      await list(tx, {
        ...{ environment, id, version: null, change, by, now: this.clock.now() },
        ...(recall === undefined ? {} : { recall }),
      });
      return { outcome: 'changed', environment, course, version: null };
    });
  }

  async #promote(
    { environment, id, version }: EpisodeSummary,
    { to, replace = false }: { to: string; replace?: boolean },
    by: string,
  ): Promise<Changed> {
    if (to === environment)
      throw refused(
        'same-environment',
        `Episode ${id} is in "${environment}" already: promote to another`,
        'to',
      );
    if (version === null) throw notPublished(environment, id);
    const { object, run, pipelineStatus, block } = await this.#version(environment, id, version);
    const { version: _, ...document } = await this.documentOf(object);
    const task = uuidFrom('promoted', environment, id, version, to);
    const written = await this.#write(to, document, {
      ...{ task, run, runStatus: pipelineStatus, block, copyOf: { environment, version } },
    });
    const { course, node, slot } = document;
    const place = { environment: to, course: course.id, node: node.id, id, slot };
    if (written.is === 'current')
      return { outcome: 'unchanged', environment: to, course: course.id, version: written.version };
    return this.#list(place, { version: written.version, change: 'promoted', by, replace });
  }

  /** The newest version goes to readers who have none; what they have stays as it is. */
  async #publish(
    { environment, course, node, slot, id, version: current }: EpisodeSummary,
    { replace = false }: { replace?: boolean },
    by: string,
  ): Promise<Changed> {
    if (current !== null) return { outcome: 'unchanged', environment, course, version: current };
    const versions = await listVersions(this.database, environment, id);
    const newest = versions.find(({ state }) => state !== 'recalled');
    if (!newest)
      throw refused('no-version', `Every version of episode ${id} was recalled: run its workflow again`);
    const place = { environment, course, node, id, slot };
    const version = await this.placed(place, newest.version);
    return this.#list(place, { version, change: 'published', by, replace });
  }

  async #rollback(
    { environment, course, node, slot, id, version: current }: EpisodeSummary,
    { version: wanted, replace = false }: { version?: number; replace?: boolean },
    by: string,
  ): Promise<Changed> {
    const versions = await listVersions(this.database, environment, id);
    const version = wanted ?? earlierThan(versions, current)?.version;
    if (version === undefined)
      throw refused(
        'no-earlier-version',
        `Episode ${id} has no version before ${current ?? 'the first'} that was published and not recalled`,
        'version',
      );
    const { state } = await this.#version(environment, id, version);
    if (state === 'publishing')
      throw refused('version-not-published', `Version ${version} was never published`, 'version');
    if (state === 'recalled') throw versionRecalled(id, version);
    if (version === current) return { outcome: 'unchanged', environment, course, version };
    const place = { environment, course, node, id, slot };
    const placed = await this.placed(place, version);
    return this.#list(place, { version: placed, change: 'rolled-back', by, replace });
  }

  /** The version to list for an earlier one. It was moved since: its content comes where the episode lies now, as a version of its own. */
  async placed(
    { environment, id, slot }: Pick<Place, 'environment' | 'id' | 'slot'>,
    version: number,
  ): Promise<number> {
    const { object } = await this.#version(environment, id, version);
    const document = await this.documentOf(object);
    return document.slot === slot
      ? version
      : (await this.rewrite(environment, id, version, { slot })).version;
  }

  /** Writes a version that is another one but for its slot or its name. */
  async rewrite(
    environment: string,
    id: string,
    from: number,
    over: { slot: number } | { title: string },
  ): Promise<{ version: number }> {
    const { object, run, pipelineStatus, block } = await this.#version(environment, id, from);
    const { version: _, ...document } = await this.documentOf(object);
    const task = uuidFrom('rewritten', environment, id, from, JSON.stringify(over));
    return this.#write(
      environment,
      { ...document, ...over },
      { task, run, runStatus: pipelineStatus, block, copyOf: { environment, version: from } },
    );
  }

  async documentOf(object: string): Promise<Episode> {
    const found = await this.objects.getNamed(object);
    if (!found)
      throw new Problem({
        status: 409,
        code: 'object-missing',
        title: 'The episode is not in the object store',
        detail: `The object store has no "${object}": see that this service reads the store that it was published to`,
      });
    return JSON.parse(Buffer.from(found.bytes).toString()) as Episode;
  }

  #write(
    environment: string,
    document: Omit<Episode, 'version'>,
    of: Parameters<WriteVersion['execute']>[2],
  ) {
    return this.write.execute(environment, document, of).catch((error: unknown) => {
      if (error instanceof BlockFailure && error.code === 'recalled')
        throw refused('recalled', error.message);
      throw error;
    });
  }

  async #list(
    place: Parameters<ListVersion['execute']>[0],
    of: { version: number; change: Change; by: string; replace: boolean },
  ): Promise<Changed> {
    const { environment, course } = place;
    try {
      const changed = await this.list.execute(place, of);
      return { outcome: changed ? 'changed' : 'unchanged', environment, course, version: of.version };
    } catch (error) {
      if (error instanceof SlotTaken) throw slotTaken(error, 'send "replace": true to unpublish that one');
      if (error instanceof VersionRecalled) throw versionRecalled(place.id, of.version);
      throw error;
    }
  }

  async #version(environment: string, id: string, version: number): Promise<EpisodeVersion> {
    const versions = await listVersions(this.database, environment, id);
    const found = versions.find((one) => one.version === version);
    if (found) return found;
    throw new Problem({
      status: 404,
      code: 'unknown-version',
      title: 'Unknown version',
      detail: `Episode ${id} (${environment}) has no version ${version}: it has ${versions.map((one) => one.version).join(', ')}`,
      errors: [{ field: 'version', message: 'Unknown' }],
    });
  }
}

/** The newest that readers could have had before. */
function earlierThan(
  versions: readonly EpisodeVersion[],
  current: number | null,
): EpisodeVersion | undefined {
  return versions.find(
    ({ version, state }) =>
      (current === null || version < current) && (state === 'published' || state === 'superseded'),
  );
}

export function unknownEpisode(environment: string, id: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-episode',
    title: 'Unknown episode',
    detail: `The environment "${environment}" has no episode ${id}`,
  });
}

export function notPublished(environment: string, id: string): Problem {
  return new Problem({
    status: 409,
    code: 'episode-not-published',
    title: 'Not published',
    detail: `Episode ${id} has no published version in "${environment}": publish it or roll it back to a version first`,
  });
}

export function slotTaken({ message, code, occupant }: SlotTaken, remedy: string): Problem {
  const { id, slot, title, wrapper, listed } = occupant;
  return new Problem({
    status: 409,
    code,
    title: 'The slot is taken',
    detail: `${message}: ${remedy}, or choose another slot`,
    errors: [{ field: 'slot', message: 'Taken' }],
    more: { occupant: { episode: id, slot, title, wrapper, version: listed } },
  });
}

export function changedMeanwhile(id: string): Problem {
  return new Problem({
    status: 409,
    code: 'episode-changed',
    title: 'The episode changed meanwhile',
    detail: `Episode ${id} was published, changed or withdrawn by somebody else just now: look at it and send the change again`,
  });
}

function versionRecalled(id: string, version: number): Problem {
  return refused(
    'version-recalled',
    `Version ${version} of episode ${id} was recalled: choose another of GET /api/episodes/${id}/versions`,
    'version',
  );
}

function refused(code: string, detail: string, field?: string): Problem {
  return new Problem({
    status: 409,
    code,
    title: 'The episode stays as it is',
    detail,
    ...(field === undefined ? {} : { errors: [{ field, message: detail }] }),
  });
}
