import { afterAll, describe, it } from '@jest/globals';
import { KafkaBus } from '@duofactory/messaging';
import { busContract, kafkaIfAvailable, quietLog } from '../../src/index.js';

const kafka = await kafkaIfAvailable();

if (kafka) {
  afterAll(() => kafka.stop());
  busContract(
    'kafka',
    () =>
      new KafkaBus({
        brokers: kafka.brokers,
        clientId: 'bus-contract',
        partitions: 3,
        backOff: () => 5,
        maxWaitMs: 100,
        log: quietLog,
      }),
  );
} else {
  describe.skip('a bus on kafka', () => it('needs a broker', () => undefined));
}
