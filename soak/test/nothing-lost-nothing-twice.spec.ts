import { kafkaIfAvailable, useEmptyDatabase } from '@duofactory/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAULT_KINDS } from '../src/nemesis.js';
import { WAYS } from '../src/cluster.js';
import { soak } from '../src/soak.js';

const FAULTS = 24;
const SEED = Number(process.env['DUOFACTORY_SOAK_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Ends a soak that hangs; what it takes is nobody's promise. */
const HANGS_AFTER_MS = 20 * 60_000;

const broker = await kafkaIfAvailable({ proxies: WAYS });

(broker ? describe : describe.skip)('nothing is lost and nothing happens twice', () => {
  const database = useEmptyDatabase();
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duofactory-soak-'));
  });

  afterAll(async () => {
    await broker!.stop();
  });

  it(
    `whatever becomes of two orchestrators and two workers, their broker and their wires (seed ${SEED})`,
    async () => {
      process.stderr.write(`soak: ${FAULTS} faults, DUOFACTORY_SOAK_SEED=${SEED}; logs: ${folder}\n`);
      const told: string[] = [];

      const report = await soak({
        ...{ faults: FAULTS, seed: SEED, databaseUrl: database.url, broker: broker!, folder },
        say: (line) => void told.push(line),
      });

      const { violations, faults, counts } = report;
      expect({ violations, told: violations.length > 0 ? told : [] }).toEqual({ violations: [], told: [] });
      expect(FAULT_KINDS.filter((kind) => !faults[kind])).toEqual([]);
      expect(counts).toMatchObject({ openRuns: 0, outbox: 0 });
      // Only the logs of a soak that failed are of use.
      await rm(folder, { recursive: true, force: true });
    },
    HANGS_AFTER_MS,
  );
});
