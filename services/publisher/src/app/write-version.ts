import { BlockFailure } from '@duofactory/block-kit';
import { hashJson, type Episode } from '@duofactory/contracts';
import { ConditionFailed, type ObjectStore } from '@duofactory/objects';
import type { Clock, Transactions } from '@duofactory/platform';
import { keepPlace } from '../store/keep-place.js';
import { lockCourse } from '../store/listing.js';
import { isRecalled } from '../store/recalls.js';
import { forgetVersion, lockEpisode, reserveVersion } from '../store/reserve-version.js';

export interface WrittenVersion {
  readonly version: number;
  readonly object: string;
  /** `new`: readers never had it; `known`: written by this task before, and published; `current`: they have it. */
  readonly is: 'new' | 'known' | 'current';
}

/**
 * Writes a version of an episode: reserves its number for this very content, then puts `episode.json`. May be done again
 * by the same task after it ended anywhere: it gets the same version. Readers see nothing of it until it is listed.
 */
export class WriteVersion {
  constructor(
    private readonly transactions: Transactions,
    private readonly objects: ObjectStore,
    private readonly clock: Clock,
  ) {}

  async execute(
    environment: string,
    episode: Omit<Episode, 'version'>,
    of: {
      task: string;
      run: string;
      runStatus?: string;
      block?: string | null;
      /** Its content is that of this version: what was recalled is not copied. */
      copyOf?: { environment: string; version: number };
    },
  ): Promise<WrittenVersion> {
    for (let after = 0; ;) {
      const written = await this.#reserve(environment, episode, { ...of, after });
      const { version, object, is } = written;
      if (is === 'current') return written;
      const isThere = await this.#write(object, { ...episode, version });
      if (isThere || is === 'known') return written;
      // The catalog may have been restored to a time before it: what has the name is another version, and stays.
      await this.transactions.run((tx) => forgetVersion(tx, { environment, id: episode.id, version }));
      after = version;
    }
  }

  /** The version for this content: that of an attempt before, the current one if nothing changed, or the next. */
  #reserve(
    environment: string,
    episode: Omit<Episode, 'version'>,
    {
      task,
      run,
      runStatus = 'running',
      block = null,
      copyOf,
      after,
    }: Parameters<WriteVersion['execute']>[2] & { after: number },
  ): Promise<WrittenVersion> {
    const { id, course, node, slot, wrapper, title, viability, schemaVersion, audio, provenance } = episode;
    const hash = contentHash(episode);
    return this.transactions.run(async (tx) => {
      const now = this.clock.now();
      // A recall has these locks too: it sees the copy, or the copy sees it. In one order, as everybody who takes several.
      for (const one of [...new Set([environment, copyOf?.environment ?? environment])].sort(byCourse))
        await (one === environment
          ? keepPlace(tx, environment, course, node)
          : lockCourse(tx, one, course.id));
      if (copyOf && (await isRecalled(tx, { id, ...copyOf }))) throw wasRecalled(id, copyOf.version);
      const place = { id, environment, course: course.id, node: node.id, slot, wrapper };
      // A copy within its environment is a rename or a move: its content was published before.
      const isAttempt = copyOf?.environment !== environment;
      const { current, versions } = await lockEpisode(tx, place, { now, isAttempt });
      const same = versions.filter((one) => one.hash === hash);
      const recalled = same.find(({ state }) => state === 'recalled');
      if (recalled) throw wasRecalled(id, recalled.version);
      const own = same.find((one) => one.task === task);
      const known = own ?? same.find(({ version }) => version === current);
      if (known) {
        const is = !own ? 'current' : own.state === 'publishing' ? 'new' : 'known';
        return { version: known.version, object: known.object, is };
      }
      const version = Math.max(versions[0]?.version ?? 0, after) + 1;
      const object = `episodes/${environment}/${course.id}/${node.id}/${id}/v${version}/episode.json`;
      const row = { environment, episode: id, version, hash, task, run, runStatus, block, title, viability };
      await reserveVersion(tx, { ...row, schemaVersion, object, audio, provenance, now });
      return { version, object, is: 'new' };
    });
  }

  /** False: something else has the name. */
  async #write(object: string, episode: Episode): Promise<boolean> {
    const bytes = Buffer.from(`${JSON.stringify(inOrder(episode), null, 2)}\n`);
    try {
      await this.objects.putNamed(object, bytes, 'application/json', { ifNoneMatch: '*' });
      return true;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      // An attempt before wrote it, if it is the content that the version was reserved for.
      const found = await this.objects.getNamed(object);
      return found !== undefined && isOf(found.bytes, episode);
    }
  }
}

function isOf(bytes: Uint8Array, episode: Episode): boolean {
  try {
    return contentHash(JSON.parse(Buffer.from(bytes).toString()) as Episode) === contentHash(episode);
  } catch {
    return false;
  }
}

const byCourse = (a: string, b: string): number => (`${a}/` < `${b}/` ? -1 : 1);

export function wasRecalled(id: string, version: number): BlockFailure {
  return new BlockFailure(
    'recalled',
    `Episode ${id} had this very content as version ${version}, which was recalled: change what the recall names (GET /api/recalls), then run again`,
  );
}

/** What makes two episodes the same: all but the run that made them, what it cost and its calls. */
function contentHash({ provenance, ...episode }: Omit<Episode, 'version'>): string {
  const { run: _, cost: __, calls: ___, ...lasting } = provenance;
  return hashJson({ ...episode, provenance: lasting });
}

/** With the fields in the order of the schema's documentation. */
function inOrder({ schemaVersion, id, version, ...rest }: Episode): Episode {
  return { schemaVersion, id, version, ...rest };
}
