import { Body, Controller, Headers, Param, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, KebabIdPipe, activeTraceparent } from '@duofactory/platform';
import type { Response } from 'express';
import { ReadRuns, type RunDetail } from '../app/history/read-runs.js';
import { TestBlock } from '../app/commands/test-block.js';
import { ACTING_USER } from './acting-user.js';
import { RunDetail as RunDetailAnswer } from './answers.js';
import { BlockTestBody } from './workflows.dto.js';

@ApiTags('workflows')
@Controller('api/workflows/:id/block-tests')
export class BlockTestsController {
  constructor(
    private readonly testBlock: TestBlock,
    private readonly readRuns: ReadRuns,
  ) {}

  @Post()
  @ApiOperation({
    summary: 'Run one block of a workflow by itself, on what it would see',
    description:
      'Starts a run of `<id>--test`, a workflow of this block alone, whose inputs stand for the blocks above. What it asks for is paid, and what it writes is written.',
  })
  @ApiHeader({
    ...{ name: 'Idempotency-Key', required: false },
    description: 'The same key and request: the same run',
  })
  @ApiHeader(ACTING_USER)
  @Answers(RunDetailAnswer, 200)
  @Answers(RunDetailAnswer, 201)
  async start(
    @Param('id', KebabIdPipe) workflow: string,
    @Body() { definition, block, given = {} }: BlockTestBody,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<RunDetail> {
    const { id, created } = await this.testBlock.execute({
      ...{ workflow, definition, block, given, by, traceparent: activeTraceparent() },
      ...(idempotencyKey ? { idempotencyKey } : {}),
    });
    response.status(created ? 201 : 200).location(`/api/runs/${id}`);
    return this.readRuns.show(id);
  }
}
