import { blockCompletedV1, type CloudEvent } from '@duofactory/contracts';
import { describe, expect, it } from '@jest/globals';
import { checkOf } from './event-check.js';

const ID = '00000000-0000-4000-8000-00000000000a';
const costing = (cost: object): CloudEvent => ({
  ...{
    id: 'e',
    source: '/other/team',
    type: blockCompletedV1.type,
    subject: ID,
    time: '2030-01-01T00:00:00Z',
  },
  data: {
    ...{ run: ID, task: ID, attempt: 1, outputs: [{ result: {} }] },
    usage: [{ kind: 'model', provider: 'theirs', model: 'm', units: {}, saved: false, cost }],
  },
});

describe('an event that does not fit its contract', () => {
  const check = checkOf(blockCompletedV1);

  it('is refused where it tells money of another country, which sums would take for dollars', () => {
    check(costing({ amount: 1, currency: 'USD' }));

    expect(() => check(costing({ amount: 1, currency: 'EUR' }))).toThrow(
      '/usage/0/cost/currency must be "USD"',
    );
  });
});
