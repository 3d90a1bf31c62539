import { Module, type DynamicModule } from '@nestjs/common';
import { BLOCK_MIGRATIONS, BlockWorker } from '@duofactory/block-kit';
import { ObjectStore } from '@duofactory/objects';
import { loadConfig, type Background, type ServiceDefinition } from '@duofactory/platform';
import { EspeakSynthesis } from './adapters/espeak/espeak-synthesis.js';
import { OggEncoder } from './adapters/ogg/ogg-encoder.js';
import { AssembleEpisode } from './app/assemble-episode.js';
import { SpeechSynthesis } from './app/speech-synthesis.js';
import { SpokenLines } from './app/spoken-lines.js';
import { speechBlock } from './blocks/speech/execute.js';
import { MediaConfig } from './config.js';
import { SpeechController } from './http/speech.controller.js';

/** Lines to voices. */
@Module({})
export class MediaModule {
  static with(of: {
    synthesis: SpeechSynthesis;
    assemble: AssembleEpisode;
    objects: ObjectStore;
  }): DynamicModule {
    return {
      module: MediaModule,
      controllers: [SpeechController],
      providers: [
        { provide: SpeechSynthesis, useValue: of.synthesis },
        { provide: AssembleEpisode, useValue: of.assemble },
        { provide: ObjectStore, useValue: of.objects },
      ],
    };
  }
}

export const mediaService: ServiceDefinition = {
  name: 'media',
  schema: 'media',
  resources: ['voices', 'speech'],
  migrations: BLOCK_MIGRATIONS,
  create(parts) {
    loadConfig(MediaConfig, parts.env);
    const espeak = new EspeakSynthesis();
    const assemble = new AssembleEpisode(new SpokenLines(espeak), new OggEncoder());
    const engine: Background = { start: () => Promise.resolve(), stop: async () => espeak.stop() };
    return {
      module: MediaModule.with({ synthesis: espeak, assemble, objects: parts.objects }),
      // Stopped in reverse: first no more work, then the engine.
      background: [engine, new BlockWorker(parts, 'media', [speechBlock(assemble)])],
    };
  },
};
