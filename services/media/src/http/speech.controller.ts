import { Body, Controller, Get, HttpCode, Post, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SpeechResult } from '@duofactory/contracts';
import type { Request } from 'express';
import { ObjectStore } from '@duofactory/objects';
import { Problem } from '@duofactory/platform';
import { AssembleEpisode } from '../app/assemble-episode.js';
import { SpeechFailure } from '../app/speech-failure.js';
import { SpeechSynthesis } from '../app/speech-synthesis.js';
import { SpeechBody, VoicesQuery } from './speech.dto.js';

@ApiTags('speech')
@Controller('api')
export class SpeechController {
  constructor(
    private readonly synthesis: SpeechSynthesis,
    private readonly assemble: AssembleEpisode,
    private readonly objects: ObjectStore,
  ) {}

  @Get('voices')
  @ApiOperation({ summary: 'Voices for a language' })
  voices(@Query() { language }: VoicesQuery) {
    try {
      return { voices: this.synthesis.voicesFor(language) };
    } catch (error) {
      throw problemOf(error);
    }
  }

  @Post('speech')
  @HttpCode(200)
  @ApiOperation({ summary: 'Speak some lines, to hear how they sound' })
  async speak(@Body() body: SpeechBody, @Req() request: Request): Promise<SpeechResult> {
    const gone = new AbortController();
    request.on('close', () => gone.abort());
    try {
      return await this.assemble.execute(body, { objects: this.objects, signal: gone.signal });
    } catch (error) {
      throw problemOf(error);
    }
  }
}

function problemOf(error: unknown): unknown {
  if (!(error instanceof SpeechFailure)) return error;
  return new Problem({
    status: error.retryable ? 503 : 422,
    code: error.code,
    title: 'The lines cannot be spoken',
    detail: error.message,
  });
}
