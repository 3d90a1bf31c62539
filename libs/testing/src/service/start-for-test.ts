import type { Bus } from '@duofactory/messaging';
import { FsObjectStore, type ObjectStore } from '@duofactory/objects';
import {
  PlatformConfig,
  createLogger,
  startService,
  type Clock,
  type RunningService,
  type ServiceDefinition,
} from '@duofactory/platform';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ServiceUnderTest extends RunningService {
  readonly url: string;
  readonly objects: ObjectStore;
}

/** A service on a bus and a database of the spec, listening on a free port. The spec starts the bus. */
export async function startForTest(
  definition: ServiceDefinition,
  of: {
    bus: Bus;
    databaseUrl: string;
    env?: NodeJS.ProcessEnv;
    objects?: ObjectStore;
    clock?: Clock;
    urls?: { orchestrator?: string; llmRunner?: string; api?: string };
  },
): Promise<ServiceUnderTest> {
  const folder = of.objects ? undefined : await mkdtemp(join(tmpdir(), `duofactory-${definition.name}-`));
  const objects = of.objects ?? new FsObjectStore(folder!);
  const service = await startService(definition, {
    env: of.env ?? {},
    config: new PlatformConfig(),
    databaseUrl: of.databaseUrl,
    bus: of.bus,
    objects,
    ...(of.clock ? { clock: of.clock } : {}),
    log: createLogger(definition.name, { level: 'fatal' }),
    urls: {
      orchestrator: of.urls?.orchestrator ?? 'http://127.0.0.1:9',
      llmRunner: of.urls?.llmRunner ?? 'http://127.0.0.1:9',
      api: of.urls?.api ?? 'http://127.0.0.1:9',
    },
  });
  return {
    ...service,
    url: await service.listen(0),
    objects,
    stop: async () => {
      await service.stop();
      if (folder) await rm(folder, { recursive: true, force: true });
    },
  };
}
