import { ObjectStoreAway, ObjectStoreRefused, type ObjectStore } from '@duofactory/objects';
import { resolve } from 'node:path';
import type { PlatformConfig } from '../platform-config.js';
import { PartNotReached } from './part-not-reached.js';

/** Before any service is started: throws PartNotReached where objects cannot be kept. */
export async function reachObjects(objects: ObjectStore, { dataDir }: PlatformConfig): Promise<void> {
  try {
    await objects.ready();
  } catch (cause) {
    if (cause instanceof ObjectStoreAway || cause instanceof ObjectStoreRefused)
      throw new PartNotReached(cause.setting, cause.message, { cause });
    const { code, syscall } = cause as NodeJS.ErrnoException;
    // What a file system says; all else is not understood, and is told as it is.
    if (code === undefined || syscall === undefined) throw cause;
    const said = `no objects can be kept under ${resolve(dataDir)} (${code}). Let this user write there, make room, or name another folder`;
    throw new PartNotReached('DUOFACTORY_DATA_DIR', said, { cause });
  }
}
