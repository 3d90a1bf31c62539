// Before the tests: a folder of this run's own for the embedded PostgreSQL, started by the first spec that needs it.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default async function testCluster() {
  process.env.DUOFACTORY_TEST_CLUSTER = await mkdtemp(join(tmpdir(), 'duofactory-test-'));
}
