import { Answers, UuidPipe } from '@duofactory/platform';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RecallEpisodes, type RecallInput } from '../app/recall-episodes.js';
import { invalid, RecallBody } from './actions.dto.js';
import { RecallAnswer, RecallForecastAnswer, RecallsAnswer } from './answers.js';
import { RecallsQuery } from './catalog.dto.js';
import { Type } from 'typebox';

@ApiTags('recalls')
@Controller('api/recalls')
export class RecallsController {
  constructor(private readonly recalls: RecallEpisodes) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary:
      'Recall all episodes that a prompt version, evaluator, source row, model, voice or run went into',
    description:
      'First with "dryRun": true, which says what would be recalled; then with the "seal" of that answer, which recalls exactly those. Recalled versions are neither rolled back to nor published again.',
  })
  @Answers(Type.Union([RecallForecastAnswer, RecallAnswer]))
  recall(
    @Body() { input, environments, remedy, reason, dryRun, seal }: RecallBody,
    @Headers('x-duofactory-user') user = 'local',
  ) {
    const given = Object.entries(input).filter(([, value]) => value !== undefined);
    if (given.length !== 1)
      throw invalid('input', 'Name one thing: prompt, evaluator, row, model, voice or run');
    const question = { input: Object.fromEntries(given) as RecallInput, environments, remedy };
    return dryRun
      ? this.recalls.forecast(question)
      : this.recalls.execute(question, { seal, reason, by: user });
  }

  @Get()
  @ApiOperation({ summary: 'Recalls, newest first' })
  @Answers(RecallsAnswer)
  list(@Query() { cursor, limit }: RecallsQuery) {
    return this.recalls.list({ limit, ...(cursor === undefined ? {} : { cursor }) });
  }

  @Get(':id')
  @ApiOperation({ summary: 'A recall, with the episodes that it took back' })
  @Answers(RecallAnswer)
  show(@Param('id', UuidPipe) id: string) {
    return this.recalls.show(id);
  }
}
