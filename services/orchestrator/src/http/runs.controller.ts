import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { Answers, EventStream, activeTraceparent, UuidPipe } from '@duofactory/platform';
import type { Request, Response } from 'express';
import { CancelRun } from '../app/commands/cancel-run.js';
import { FollowRuns } from '../app/history/follow-runs.js';
import { RecordScenario, type RecordedScenario } from '../app/history/record-scenario.js';
import { ReadRuns, type ResultPage, type RunDetail, type TaskPage } from '../app/history/read-runs.js';
import { ReadResult } from '../app/history/read-result.js';
import { PauseRun } from '../app/commands/pause-run.js';
import { RetryRun } from '../app/commands/retry-run.js';
import { StartRun } from '../app/commands/start-run.js';
import { ACTING_USER } from './acting-user.js';
import {
  ListResultsQuery,
  ListRunsQuery,
  ListTasksQuery,
  ResultQuery,
  StartRunBody,
  filtersOf,
} from './runs.dto.js';
import { RunDetail as RunDetailAnswer, RunPage, RunResults, RunTasks } from './answers.js';

@ApiTags('runs')
@Controller('api/runs')
export class RunsController {
  constructor(
    private readonly startRun: StartRun,
    private readonly cancelRun: CancelRun,
    private readonly pauseRun: PauseRun,
    private readonly retryRun: RetryRun,
    private readonly readRuns: ReadRuns,
    private readonly readResult: ReadResult,
    private readonly followRuns: FollowRuns,
    private readonly recordScenario: RecordScenario,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Start a run of a published workflow' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key and request: the same run',
  })
  @ApiHeader(ACTING_USER)
  @Answers(RunDetailAnswer, 200)
  @Answers(RunDetailAnswer, 201)
  async start(
    @Body() body: StartRunBody,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<RunDetail> {
    const { id, created } = await this.startRun.execute({
      workflow: body.workflow,
      inputs: body.inputs ?? {},
      traceparent: activeTraceparent(),
      by,
      ...(idempotencyKey ? { idempotencyKey } : {}),
    });
    response.status(created ? 201 : 200).location(`/api/runs/${id}`);
    return this.readRuns.show(id);
  }

  @Get()
  @ApiOperation({ summary: 'Runs, newest first; without those that only try something out' })
  @Answers(RunPage)
  list(@Query() query: ListRunsQuery): ReturnType<ReadRuns['list']> {
    return this.readRuns.list(filtersOf(query));
  }

  @Get(':id')
  @ApiOperation({ summary: 'A run with the counters of its blocks' })
  @Answers(RunDetailAnswer)
  show(@Param('id', UuidPipe) id: string): Promise<RunDetail> {
    return this.readRuns.show(id);
  }

  @Post(':id/cancel')
  @ApiHeader(ACTING_USER)
  @HttpCode(202)
  @ApiOperation({ summary: 'Stop a run: nothing new is requested, what is out settles' })
  @Answers(RunDetailAnswer, 202)
  async cancel(
    @Param('id', UuidPipe) id: string,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<RunDetail> {
    await this.cancelRun.execute(id, by);
    return this.readRuns.show(id);
  }

  @Post(':id/pause')
  @ApiHeader(ACTING_USER)
  @HttpCode(202)
  @ApiOperation({ summary: 'Request nothing new until the run is resumed' })
  @Answers(RunDetailAnswer, 202)
  async pause(
    @Param('id', UuidPipe) id: string,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<RunDetail> {
    await this.pauseRun.pause(id, by);
    return this.readRuns.show(id);
  }

  @Post(':id/resume')
  @ApiHeader(ACTING_USER)
  @HttpCode(202)
  @ApiOperation({ summary: 'Go on with a paused run' })
  @Answers(RunDetailAnswer, 202)
  async resume(
    @Param('id', UuidPipe) id: string,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<RunDetail> {
    await this.pauseRun.resume(id, by);
    return this.readRuns.show(id);
  }

  @Post(':id/retry')
  @ApiHeader(ACTING_USER)
  @HttpCode(202)
  @ApiOperation({ summary: 'Go on with a failed or cancelled run: its failed tasks are tried anew' })
  @Answers(RunDetailAnswer, 202)
  async retry(
    @Param('id', UuidPipe) id: string,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<RunDetail> {
    await this.retryRun.execute(id, by);
    return this.readRuns.show(id);
  }

  @Get(':id/events')
  @ApiOperation({ summary: 'How a run goes, as server-sent events: counters of blocks that changed' })
  @ApiProduces('text/event-stream')
  async events(
    @Param('id', UuidPipe) id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    await this.readRuns.show(id);
    const stream = new EventStream(response);
    const after = lastEventId === undefined ? undefined : Number(lastEventId);
    for await (const { seq, ...update } of this.followRuns.follow(id, after, stream.gone)) {
      stream.tell('run', update, seq);
      await stream.taken();
    }
    stream.end();
  }

  @Get(':id/scenario')
  @ApiOperation({ summary: 'A finished run as a scenario file: definition, answers, expectations' })
  scenario(@Param('id', UuidPipe) id: string): Promise<RecordedScenario> {
    return this.recordScenario.execute(id);
  }

  @Get(':id/tasks')
  @ApiOperation({ summary: 'Tasks of a run, by block, then in payload order' })
  @Answers(RunTasks)
  tasks(@Param('id', UuidPipe) id: string, @Query() query: ListTasksQuery): Promise<TaskPage> {
    return this.readRuns.tasks(id, query);
  }

  @Get(':id/results')
  @ApiOperation({ summary: 'Payloads of a block with all that they see, in payload order' })
  @Answers(RunResults)
  results(@Param('id', UuidPipe) id: string, @Query() query: ListResultsQuery): Promise<ResultPage> {
    return this.readRuns.results(id, query);
  }

  @Get(':id/results/value')
  @ApiOperation({ summary: 'One result of a block, whole: also one that a list gives by reference' })
  @ApiResponse({ status: 200, description: '', content: { 'application/json': { schema: {} } } })
  async result(
    @Param('id', UuidPipe) id: string,
    @Query() query: ResultQuery,
    @Res() response: Response,
  ): Promise<void> {
    response.type('application/json').send(Buffer.from(await this.readResult.execute(id, query)));
  }
}
