import { FakePolly } from '@duofactory/testing';
import { afterAll, describe } from '@jest/globals';
import { EspeakSynthesis } from '../src/adapters/espeak/espeak-synthesis.js';
import { PollySynthesis } from '../src/adapters/polly/polly-synthesis.js';
import { speechContract } from './speech-contract.js';

const server = await FakePolly.start();

describe('espeak', () => {
  const espeak = new EspeakSynthesis();
  afterAll(() => espeak.stop());

  speechContract(() => espeak);
});

describe('Polly on the wire', () => {
  const polly = new PollySynthesis({ endpoint: server.endpoint, credentials: server.credentials });
  afterAll(async () => {
    polly.stop();
    await server.stop();
  });

  speechContract(() => polly);
});
