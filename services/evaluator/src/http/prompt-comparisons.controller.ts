import { Body, Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, EventStream, readerGone } from '@duofactory/platform';
import type { Request, Response } from 'express';
import {
  ComparePrompts,
  type Comparison,
  type ComparisonRequest,
} from '../app/comparison/compare-prompts.js';
import {
  PastPromptComparisons,
  PromptComparison,
  PromptComparisonEstimate,
} from './prompt-comparisons.answers.js';
import { PastComparisonsQuery, PromptComparisonBody } from './prompt-comparisons.dto.js';

@ApiTags('prompt-comparisons')
@Controller('api/prompt-comparisons')
export class PromptComparisonsController {
  constructor(private readonly comparePrompts: ComparePrompts) {}

  @Get()
  @ApiOperation({
    summary: 'What was compared with a version of a prompt, the latest outcome of each content, newest first',
    operationId: 'list-prompt-comparisons',
  })
  @Answers(PastPromptComparisons)
  async list(@Query() { prompt, since, hash, limit = 20 }: PastComparisonsQuery) {
    return { comparisons: await this.comparePrompts.past({ prompt, since, hash, limit }) };
  }

  @Post('estimate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What a comparison would ask and may cost; nothing is asked',
    operationId: 'estimate-prompt-comparison',
  })
  @Answers(PromptComparisonEstimate)
  estimate(@Body() body: PromptComparisonBody, @Res({ passthrough: true }) response: Response) {
    return this.comparePrompts.estimate(requestOf(body), readerGone(response));
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Compare a version of a prompt and the draft on real past inputs',
    operationId: 'compare-prompts',
    description:
      'Asks both, has each answer judged, and pays once: the same comparison again costs nothing. With Accept: text/event-stream: events `progress` {done, total}, then `done` with what is answered otherwise, or `failed` with problem details',
  })
  @Answers(PromptComparison)
  async compare(
    @Body() body: PromptComparisonBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Comparison> {
    const asked = requestOf(body);
    if (!request.headers.accept?.includes('text/event-stream'))
      return this.comparePrompts.execute(asked, () => undefined, readerGone(response));
    const stream = new EventStream(response);
    const onPair = (done: number, total: number): void => stream.tell('progress', { done, total });
    const work = (gone: AbortSignal) => this.comparePrompts.execute(asked, onPair, gone);
    await stream.finish(work, 'The prompts were not compared');
    // What it answers went its own way.
    return undefined as never;
  }
}

function requestOf({
  limit = 20,
  judgements = 2,
  to = 'draft',
  ...rest
}: PromptComparisonBody): ComparisonRequest {
  return { limit, judgements, to, ...rest };
}
