import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { SpeechResult } from '@duofactory/contracts';
import type { Request, Response } from 'express';
import { randomUUID } from 'node:crypto';
import { BlockFailure, problemOfFailure } from '@duofactory/block-kit';
import { ObjectStore } from '@duofactory/objects';
import { Answers, Problem, readerGone } from '@duofactory/platform';
import { AssembleEpisode } from '../app/assemble-episode.js';
import { ReadSpoken } from '../app/read-spoken.js';
import { SpeechFailure } from '../app/speech-failure.js';
import { SpeechSynthesis, type Voice } from '../app/speech-synthesis.js';
import { TellReuses } from '../app/tell-reuses.js';
import { Peaks, Speech, VoiceList } from './answers.js';
import { ObjectHash, SpeechBody, VoicesQuery } from './speech.dto.js';

/** What is named by its bytes is the same for ever. */
const FOR_EVER = 'public, max-age=31536000, immutable';

@ApiTags('speech')
@Controller('api')
export class SpeechController {
  constructor(
    private readonly synthesis: SpeechSynthesis,
    private readonly assemble: AssembleEpisode,
    private readonly spoken: ReadSpoken,
    private readonly objects: ObjectStore,
    private readonly reuses: TellReuses,
  ) {}

  @Get('voices')
  @ApiOperation({ summary: 'Voices for a language' })
  @Answers(VoiceList)
  voices(@Query() { language }: VoicesQuery): { voices: Voice[] } {
    try {
      return { voices: [...this.synthesis.voicesFor(language)] };
    } catch (error) {
      throw problemOf(error);
    }
  }

  @Post('speech')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Speak lines and join them to one track',
    description:
      'Lines that were spoken before are taken as they were: with `asked` of a result and one line changed, that line alone is spoken, and the episode assembled anew',
  })
  @Answers(Speech)
  async speak(
    @Body() body: SpeechBody,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SpeechResult> {
    try {
      const payer = { task: randomUUID(), block: 'speech', onUsage: () => undefined };
      const context = { objects: this.objects, signal: readerGone(response) };
      return await this.reuses.of(payer, (heard) =>
        this.assemble.execute(body, { ...context, payer: heard }),
      );
    } catch (error) {
      throw problemOf(error);
    }
  }

  @Get('speech/audio/:hash')
  @ApiOperation({ summary: 'The audio of a result; parts of it by Range' })
  @ApiProduces('audio/ogg', 'audio/mpeg')
  async audio(
    @Param() { hash }: ObjectHash,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { bytes, mediaType } = await this.spoken.audio(hash);
    response.set({ 'accept-ranges': 'bytes', 'content-type': mediaType, 'cache-control': FOR_EVER });
    const ranges = request.range(bytes.byteLength);
    if (ranges === -1) {
      response.status(416).set('content-range', `bytes */${bytes.byteLength}`).end();
    } else if (Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1) {
      const { start, end } = ranges[0]!;
      response.status(206).set('content-range', `bytes ${start}-${end}/${bytes.byteLength}`);
      response.end(bytes.subarray(start, end + 1));
    } else {
      response.end(bytes);
    }
  }

  @Get('speech/peaks/:hash')
  @ApiOperation({ summary: 'The peaks of a result: what a player draws' })
  @Answers(Peaks)
  async peaks(
    @Param() { hash }: ObjectHash,
    @Res({ passthrough: true }) response: Response,
  ): Promise<number[]> {
    const peaks = await this.spoken.peaks(hash);
    response.set({ 'cache-control': FOR_EVER });
    return peaks;
  }
}

function problemOf(error: unknown): unknown {
  if (error instanceof BlockFailure) return problemOfFailure(error, 'The lines cannot be spoken');
  if (!(error instanceof SpeechFailure)) return error;
  return new Problem({
    status: error.retryable ? 503 : 422,
    code: error.code,
    title: 'The lines cannot be spoken',
    detail: error.message,
  });
}
