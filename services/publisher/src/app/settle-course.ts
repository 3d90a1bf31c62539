import {
  contentPublishedV1,
  contentUnpublishedV1,
  uuidFrom,
  type ContentPublished,
  type ContentUnpublished,
} from '@duofactory/contracts';
import { ConditionFailed, type ObjectStore } from '@duofactory/objects';
import type { Clock, Database, Emit, Transactions } from '@duofactory/platform';
import { isUnsettled, listedOfCourse, settle, type ListedEpisode } from '../store/listing.js';
import { readCourse } from '../store/read-catalog.js';
import { courseManifest, manifestName, type CourseManifest } from './course-manifest.js';

const MOST_TRIES = 200;

/**
 * Brings a course's manifest to what the catalog lists, then tells of each change once. Whoever calls it finishes the
 * changes of everybody: the catalog is read after the manifest that will be replaced, so what wins the conditional put
 * has every change that was committed before; a writer that comes later finds the manifest replaced and reads again.
 */
export class SettleCourse {
  constructor(
    private readonly database: Database,
    private readonly transactions: Transactions,
    private readonly objects: ObjectStore,
    private readonly clock: Clock,
  ) {}

  async execute(environment: string, course: string): Promise<void> {
    if (!(await isUnsettled(this.database, environment, course))) return;
    const name = manifestName(environment, course);
    for (let tries = 1; ; tries += 1) {
      const found = await this.objects.getNamed(name);
      const episodes = await listedOfCourse(this.database, environment, course);
      const changes = episodes.filter(({ settled }) => !settled);
      if (changes.length === 0) return;
      const before = found && (JSON.parse(Buffer.from(found.bytes).toString()) as CourseManifest);
      const after = courseManifest((await readCourse(this.database, environment, course))!, episodes, before);
      if (after !== before) {
        const bytes = Buffer.from(`${JSON.stringify(after, null, 2)}\n`);
        const condition = found ? { ifMatch: found.etag } : ({ ifNoneMatch: '*' } as const);
        try {
          await this.objects.putNamed(name, bytes, 'application/json', condition);
        } catch (error) {
          if (error instanceof ConditionFailed && tries < MOST_TRIES) continue;
          throw error;
        }
      }
      return this.#tell(environment, course, changes);
    }
  }

  #tell(environment: string, course: string, changes: readonly ListedEpisode[]): Promise<void> {
    return this.transactions.run(async (tx, emit) => {
      const settled = await settle(tx, environment, changes, this.clock.now());
      for (const change of changes) if (settled.has(change.id)) this.#emit(emit, environment, course, change);
    });
  }

  #emit(emit: Emit, environment: string, course: string, change: ListedEpisode): void {
    const { id, node, slot, version, listed, object, run, changeNumber, changedBy, recall } = change;
    const place = { episode: id, environment, course, node, slot };
    const by = changedBy === null ? {} : { by: changedBy };
    const event = { key: id, ...(run === null ? {} : { subject: run }) };
    if (listed !== null) {
      const data = {
        ...{ ...place, version: listed, url: this.objects.locate(object!), ...by },
        change: change.change as NonNullable<ContentPublished['change']>,
        ...(run === null ? {} : { run }),
      };
      emit(contentPublishedV1, { ...event, id: uuidFrom('listed', environment, id, changeNumber), data });
    } else if (version !== null) {
      const data = {
        ...{ ...place, version, ...by, ...(recall === null ? {} : { recall }) },
        change: change.change as ContentUnpublished['change'],
      };
      emit(contentUnpublishedV1, { ...event, id: uuidFrom('listed', environment, id, changeNumber), data });
    }
  }
}
