import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Api } from '../src/client/api.js';
import { startHost, type Host } from '../src/host/start-host.js';

describe('a second host on the same data', () => {
  let env: NodeJS.ProcessEnv;
  let folder: string;
  let host: Host;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-two-hosts-'));
    env = { DUOFACTORY_DATA_DIR: folder, DUOFACTORY_HTTP_PORT: '0', DUOFACTORY_LOG_LEVEL: 'silent' };
    host = await startHost(env);
  });

  afterAll(async () => {
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is refused, and leaves the first one its database', async () => {
    await expect(startHost(env)).rejects.toMatchObject({ code: 'another-host-runs' });

    await expect(new Api(host.url).get('api/runs')).resolves.toMatchObject({ runs: [] });
  });
});
