import type { Ref } from '@duofactory/contracts';
import { ObjectMissing, type ObjectStore } from '@duofactory/objects';
import { Problem, type Clock, type Database } from '@duofactory/platform';
import { findExportFile, keepExportFile } from '../../store/export-files.js';
import { SheetFailure } from '../sources/spreadsheets.js';

const WHILE_DELETING_MS = 1000;

export interface ExportedFile {
  readonly name: string;
  /** Where it is downloaded. */
  readonly href: string;
  readonly sizeBytes: number;
}

export interface OpenedFile {
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** The files that exports made: what the object store holds otherwise is nothing to download here. */
export class ExportFiles {
  constructor(
    private readonly database: Database,
    private readonly objects: Pick<ObjectStore, 'getStream' | 'has'>,
    private readonly clock: Clock,
  ) {}

  /** Throws SheetFailure, to be tried again, where the sweep of old files has just deleted it. */
  async keep({ object, mediaType, sizeBytes }: Ref, name: string): Promise<ExportedFile> {
    const hash = object.slice(object.lastIndexOf('/') + 1);
    const file = { hash, name, object, mediaType, sizeBytes, now: this.clock.now() };
    const kept = await this.database.transaction((tx) => keepExportFile(tx, file));
    // It may have been found in the store when it was to be written, and deleted since.
    if (!kept || !(await this.objects.has(object)))
      throw new SheetFailure('export-removed', `An older "${name}" was removed at this moment: try again`, {
        ...{ retryable: true, afterMs: WHILE_DELETING_MS },
      });
    return { name, href: `/api/exports/${hash}/${encodeURIComponent(name)}`, sizeBytes };
  }

  /** Throws Problem `unknown-export`. */
  async open(hash: string, name: string, signal: AbortSignal): Promise<OpenedFile> {
    const found = await findExportFile(this.database, hash, name);
    if (!found)
      throw unknownExport(
        `No export made "${name}" with this content: the result of the export block names its file`,
      );
    if (found.removed)
      throw unknownExport(`The time of "${name}" is over (DUOFACTORY_EXPORT_DAYS): run the export again`);
    const bytes = await this.objects.getStream(found, signal).catch((error: unknown) => {
      throw error instanceof ObjectMissing ? unknownExport(error.message) : error;
    });
    return { name, mediaType: found.mediaType, sizeBytes: found.sizeBytes, bytes };
  }
}

function unknownExport(detail: string): Problem {
  return new Problem({ status: 404, code: 'unknown-export', title: 'Unknown export', detail });
}
