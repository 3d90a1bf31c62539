import { isOutage } from '@duofactory/messaging';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ReadProvenance } from '../src/app/read-provenance.js';

describe('provenance is asked for', () => {
  let orchestrator: Server;
  let url: string;
  const never = new AbortController().signal;

  beforeAll(async () => {
    // As a process that was stopped: it takes what it is asked.
    orchestrator = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(orchestrator, 'listening');
    url = `http://127.0.0.1:${(orchestrator.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    orchestrator.closeAllConnections();
    orchestrator.close();
  });

  it('again, where an orchestrator never answers: no task is to blame', async () => {
    const asked = new ReadProvenance(url, 50).execute('a-task', {}, [], never);

    await expect(asked).rejects.toThrow('did not answer within 50 ms');
    expect(await asked.catch(isOutage)).toBe(true);
  });

  it('no more, where the attempt is over', async () => {
    const over = new AbortController();
    const asked = new ReadProvenance(url).execute('a-task', {}, [], over.signal);
    over.abort(new Error('cancelled'));

    await expect(asked).rejects.toThrow('cancelled');
  });

  it('with the judges that evaluators asked in turn, so that a recall finds what they let pass', async () => {
    const told = {
      ...{ run: 'r', workflow: 'w', version: 1, models: [], calls: [], sources: [] },
      ...{ cost: { amount: 0, currency: 'USD', unpriced: 0 } },
      references: [
        { kind: 'prompt', reference: 'script@2' },
        { kind: 'evaluator', reference: 'viable@1' },
      ],
    };
    const server = createServer((_, response) => response.end(JSON.stringify(told))).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const opinion = { evaluator: 'viable@1', prompts: ['judge@7'], parts: ['natural@3', 'short@1'] };
    const results = {
      ...{ script: { text: 'Hola' }, check: { score: 0.9, opinions: [opinion] } },
      ...{ theirs: { opinions: [null, 'good', { prompts: 'none', parts: [7] }] }, none: null },
    };

    const { prompts, evaluators } = await new ReadProvenance(address).execute('t', results, [], never);
    server.close();

    expect(prompts).toEqual(['judge@7', 'script@2']);
    expect(evaluators).toEqual(['natural@3', 'short@1', 'viable@1']);
  });
});
