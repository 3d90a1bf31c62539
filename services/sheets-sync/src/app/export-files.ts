import type { Ref } from '@duofactory/contracts';
import { ObjectMissing, type ObjectStore } from '@duofactory/objects';
import { Problem, type Clock, type Database } from '@duofactory/platform';
import { findExportFile, insertExportFile } from '../store/export-files.js';

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
    private readonly objects: Pick<ObjectStore, 'getStream'>,
    private readonly clock: Clock,
  ) {}

  async keep({ object, mediaType, sizeBytes }: Ref, name: string): Promise<ExportedFile> {
    const hash = object.slice(object.lastIndexOf('/') + 1);
    await insertExportFile(this.database, {
      hash,
      name,
      object,
      mediaType,
      sizeBytes,
      now: this.clock.now(),
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
    const bytes = await this.objects.getStream(found, signal).catch((error: unknown) => {
      throw error instanceof ObjectMissing ? unknownExport(error.message) : error;
    });
    return { name, ...found, bytes };
  }
}

function unknownExport(detail: string): Problem {
  return new Problem({ status: 404, code: 'unknown-export', title: 'Unknown export', detail });
}
