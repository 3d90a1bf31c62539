import {
  blockRequestedTopic,
  blockRequestedV1,
  CONTRACTS,
  type CloudEvent,
  type EventContract,
} from '@duofactory/contracts';
import { anEvent } from '@duofactory/testing';
import { randomUUID } from 'node:crypto';

const attempt = { run: randomUUID(), task: randomUUID(), attempt: 1 };
const now = '2031-01-01T00:00:00.000Z';

/** Data that fit each contract. But for the run, of things that nobody knows: whoever handles them has nothing to do. */
const DATA: Record<string, object> = {
  'run-requested.v1': { workflow: 'duoradio', inputs: { course: 'en-es', node: 'es-a1-cafe' } },
  'run-started.v1': { run: attempt.run, workflow: 'of-nobody', version: 1 },
  'run-completed.v1': { run: attempt.run, workflow: 'of-nobody', version: 1, status: 'completed' },
  'block-requested.v1': {
    ...{ ...attempt, block: 'b', typeVersion: 1, key: '', sample: 1, lineage: attempt.run },
    ...{ with: {}, payload: { key: '', blockResults: {} }, timeoutMs: 1000 },
  },
  'block-completed.v1': { ...attempt, outputs: [{ result: {} }] },
  'block-failed.v1': { ...attempt, error: { code: 'broken', message: 'Broken', retryable: false } },
  'block-progress.v1': attempt,
  'attempt-paid.v1': {
    ...attempt,
    usage: [
      {
        ...{ kind: 'model', provider: 'of-nobody', model: 'none', units: { calls: 1 }, saved: false },
        cost: { amount: 0.01, currency: 'USD' },
      },
    ],
  },
  'hold-lifted.v1': { id: 'budget/of-nobody', epoch: 1 },
  'effects-reused.v1': {
    run: attempt.run,
    effects: [{ ledger: 'of-nobody', task: attempt.task, block: 'b', times: 1 }],
  },
  'tasks-cancelled.v1': { run: attempt.run },
  'block-type-registered.v1': {
    service: 'of-nobody',
    manifest: {
      ...{ type: 'of-nobody', version: 1, title: 'None', description: 'None', input: 'each' },
      ...{ output: 'one', with: { type: 'object' } },
    },
  },
  'message-parked.v1': {
    ...{ id: randomUUID(), topic: 'of-nobody', group: 'of-nobody', key: '', headers: {}, body: '' },
    ...{ errorCode: 'broken', errorMessage: 'Broken', attempts: 1, parkedAt: now },
  },
  'reference-published.v1': { kind: 'prompt', id: 'of-nobody', version: 1, labels: [], hash: 'h' },
  'content-unpublished.v1': {
    ...{ episode: randomUUID(), version: 1, environment: 'e', course: 'c', node: 'n', slot: 1 },
    change: 'unpublished',
  },
  'content-published.v1': {
    ...{ episode: randomUUID(), version: 1, environment: 'e', course: 'c', node: 'n', slot: 1, url: 'u' },
  },
};

/** The contracts of a topic; those of every block type's are one. */
export function contractsOn(topic: string): EventContract[] {
  const perType = blockRequestedTopic('');
  return CONTRACTS.filter((contract) =>
    contract === blockRequestedV1 ? topic.startsWith(perType) : contract.topic === topic,
  );
}

/** A good event of each type that travels on the topic; one of another team's where it is theirs. */
export function goodEventsOn(topic: string): CloudEvent[] {
  const contracts = contractsOn(topic);
  if (contracts.length === 0) return [anEvent({ any: 'thing' }, { type: 'of.another.team' })];
  return contracts.map(({ type }) => {
    const data = DATA[type];
    if (!data) throw new Error(`${type} has no good event here: add one`);
    const ofType =
      type === blockRequestedV1.type ? { type: topic.slice(blockRequestedTopic('').length) } : {};
    return anEvent({ ...data, ...ofType }, { type });
  });
}
