import { Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, activeTraceparent, UuidPipe } from '@duofactory/platform';
import type { Response } from 'express';
import { AskReviewAgain } from '../app/reviews/ask-review-again.js';
import { ReadPayloads, type PayloadPage } from '../app/history/read-payloads.js';
import { ReadProvenance, type Provenance } from '../app/history/read-provenance.js';
import { ReadRuns, type RunDetail } from '../app/history/read-runs.js';
import { ReadTaskInput, type GivenInput } from '../app/history/read-task-input.js';
import { ShowTask, type TaskDetail } from '../app/history/show-task.js';
import { ACTING_USER } from './acting-user.js';
import { RunDetail as RunDetailAnswer, TaskDetail as TaskDetailAnswer, TaskInput } from './answers.js';
import { PayloadsQuery } from './runs.dto.js';

@ApiTags('tasks')
@Controller('api/tasks')
export class TasksController {
  constructor(
    private readonly showTask: ShowTask,
    private readonly readPayloads: ReadPayloads,
    private readonly readProvenance: ReadProvenance,
    private readonly readTaskInput: ReadTaskInput,
    private readonly askReviewAgain: AskReviewAgain,
    private readonly readRuns: ReadRuns,
  ) {}

  @Get(':id')
  @ApiOperation({ summary: 'A task with its attempts, what to do about its error, and where its trace is' })
  @Answers(TaskDetailAnswer)
  show(@Param('id', UuidPipe) id: string): Promise<TaskDetail> {
    return this.showTask.execute(id);
  }

  @Get(':id/input')
  @ApiOperation({ summary: 'What a task was given: its configuration, and the results it may read' })
  @Answers(TaskInput)
  input(@Param('id', UuidPipe) id: string): Promise<GivenInput> {
    return this.readTaskInput.execute(id);
  }

  @Get(':id/provenance')
  @ApiOperation({ summary: 'Where the input of a task comes from: references, models, rows, cost' })
  provenance(@Param('id', UuidPipe) id: string): Promise<Provenance> {
    return this.readProvenance.execute(id);
  }

  @Get(':id/payloads')
  @ApiOperation({ summary: 'The list of an `all` task, in payload order' })
  payloads(@Param('id', UuidPipe) id: string, @Query() query: PayloadsQuery): Promise<PayloadPage> {
    const { from, limit, results } = query;
    return this.readPayloads.execute(id, { from, limit, shared: results === 'shared' });
  }

  @Post(':id/reviews')
  @ApiOperation({
    summary: 'Ask a person again about what came to a task',
    description:
      'Runs its ended run again from the review above the task, for that payload alone; all else is taken over. Without such a review: 409 no-review-above.',
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key and task: the same run' })
  @ApiHeader(ACTING_USER)
  @Answers(RunDetailAnswer, 200)
  @Answers(RunDetailAnswer, 201)
  async review(
    @Param('id', UuidPipe) task: string,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<RunDetail> {
    const { id, created } = await this.askReviewAgain.execute({
      ...{ task, by, traceparent: activeTraceparent() },
      ...(idempotencyKey ? { idempotencyKey } : {}),
    });
    response.status(created ? 201 : 200).location(`/api/runs/${id}`);
    return this.readRuns.show(id);
  }
}
