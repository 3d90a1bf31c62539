import { Module, type DynamicModule } from '@nestjs/common';
import { BLOCK_MIGRATIONS, BlockWorker, ClaimedLedger, SharedClaims } from '@duofactory/block-kit';
import { ObjectStore } from '@duofactory/objects';
import { loadConfig, type Background, type ServiceDefinition } from '@duofactory/platform';
import { EspeakSynthesis } from './adapters/espeak/espeak-synthesis.js';
import { SharedSpeechBudget } from './adapters/llm-runner/shared-speech-budget.js';
import { PollySynthesis } from './adapters/polly/polly-synthesis.js';
import { Mp3Encoder } from './adapters/mp3/mp3-encoder.js';
import { OggEncoder } from './adapters/ogg/ogg-encoder.js';
import { AssembleEpisode } from './app/assemble-episode.js';
import { ReadSpoken } from './app/read-spoken.js';
import { KeptLines } from './app/kept-lines.js';
import { SpeechSynthesis } from './app/speech-synthesis.js';
import { SpokenLines } from './app/spoken-lines.js';
import { TellReuses } from './app/tell-reuses.js';
import { speechBlock } from './blocks/speech/execute.js';
import { MediaConfig, readNames, readPollyPrices, readPollyVoices } from './config.js';
import { SpeechController } from './http/speech.controller.js';

/** Lines to voices. */
@Module({})
export class MediaModule {
  static with(of: {
    synthesis: SpeechSynthesis;
    assemble: AssembleEpisode;
    objects: ObjectStore;
    reuses: TellReuses;
  }): DynamicModule {
    return {
      module: MediaModule,
      controllers: [SpeechController],
      providers: [
        { provide: SpeechSynthesis, useValue: of.synthesis },
        { provide: AssembleEpisode, useValue: of.assemble },
        { provide: ReadSpoken, useValue: new ReadSpoken(of.objects) },
        { provide: ObjectStore, useValue: of.objects },
        { provide: TellReuses, useValue: of.reuses },
      ],
    };
  }
}

export const mediaService: ServiceDefinition = {
  name: 'media',
  schema: 'media',
  resources: ['voices', 'speech'],
  configuration: [MediaConfig],
  migrations: BLOCK_MIGRATIONS,
  create(parts) {
    const config = loadConfig(MediaConfig, parts.env);
    const synthesis = engineOf(config, parts.env);
    // What is paid here is in the ledger and the budgets of all money.
    const money = {
      ledger: new ClaimedLedger(new SharedClaims(parts.urls.llmRunner), parts.clock),
      budget: new SharedSpeechBudget(parts.urls.llmRunner, synthesis.provider),
    };
    const spoken = new SpokenLines(new KeptLines(synthesis, parts.objects, money));
    const encoder = config.audioFormat === 'mp3' ? new Mp3Encoder() : new OggEncoder();
    const assemble = new AssembleEpisode(spoken, encoder);
    const engine: Background = { start: () => Promise.resolve(), stop: async () => synthesis.stop() };
    return {
      module: MediaModule.with({
        ...{ synthesis, assemble, objects: parts.objects },
        reuses: new TellReuses(parts.transactions),
      }),
      // Stopped in reverse: first no more work, then the engine.
      background: [engine, new BlockWorker(parts, 'media', [speechBlock(assemble)])],
    };
  },
};

function engineOf(config: MediaConfig, env: NodeJS.ProcessEnv): EspeakSynthesis | PollySynthesis {
  if (config.speech === 'espeak') return new EspeakSynthesis();
  const { pollyEngine, pollyVoices, pollyPrices, pollyLexicons, pollyEndpoint } = config;
  const region = env['AWS_REGION'];
  return new PollySynthesis({
    engine: pollyEngine,
    voices: readPollyVoices(pollyVoices),
    prices: readPollyPrices(pollyPrices),
    lexicons: readNames(pollyLexicons),
    ...(pollyEndpoint === undefined ? {} : { endpoint: pollyEndpoint }),
    ...(region === undefined ? {} : { region }),
  });
}
