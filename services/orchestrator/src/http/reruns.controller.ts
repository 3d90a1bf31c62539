import { Body, Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, activeTraceparent, UuidPipe } from '@duofactory/platform';
import type { Response } from 'express';
import { ReadRuns, type RunDetail } from '../app/history/read-runs.js';
import { ForecastRerun, type RerunForecast } from '../app/commands/forecast-rerun.js';
import { RerunRun, type RerunRequest } from '../app/commands/rerun-run.js';
import { ACTING_USER } from './acting-user.js';
import { RerunBody } from './reruns.dto.js';
import { RerunForecast as ForecastAnswer, RunDetail as RunDetailAnswer } from './answers.js';

@ApiTags('runs')
@Controller('api/runs/:id/reruns')
export class RerunsController {
  constructor(
    private readonly rerunRun: RerunRun,
    private readonly forecastRerun: ForecastRerun,
    private readonly readRuns: ReadRuns,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Start a new run beside an ended one: what would come out the same is taken over',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key and request: the same run',
  })
  @ApiHeader(ACTING_USER)
  @Answers(RunDetailAnswer, 200)
  @Answers(RunDetailAnswer, 201)
  async start(
    @Param('id', UuidPipe) run: string,
    @Body() body: RerunBody,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<RunDetail> {
    const { id, created } = await this.rerunRun.execute({
      ...requestOf(run, body),
      traceparent: activeTraceparent(),
      by,
      ...(idempotencyKey ? { idempotencyKey } : {}),
    });
    response.status(created ? 201 : 200).location(`/api/runs/${id}`);
    return this.readRuns.show(id);
  }

  @Post('forecast')
  @HttpCode(200)
  @ApiOperation({ summary: 'What a rerun would take over and what it would ask for again, block by block' })
  @Answers(ForecastAnswer)
  forecast(@Param('id', UuidPipe) run: string, @Body() body: RerunBody): Promise<RerunForecast> {
    return this.forecastRerun.execute(requestOf(run, body));
  }
}

function requestOf(run: string, { from, key, edits, inputs, version }: RerunBody): RerunRequest {
  const number = Number(version);
  return {
    run,
    ...(from === undefined ? {} : { from }),
    ...(key === undefined ? {} : { key }),
    ...(edits === undefined ? {} : { edits }),
    ...(inputs === undefined ? {} : { inputs }),
    ...(version === undefined
      ? {}
      : { version: Number.isNaN(number) ? (version as 'pinned' | 'latest' | 'draft') : number }),
  };
}
