import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers, Problem } from '@duofactory/platform';
import type { Request, Response } from 'express';
import {
  ComparePrompts,
  type Comparison,
  type ComparisonRequest,
} from '../app/comparison/compare-prompts.js';
import { PromptComparison, PromptComparisonEstimate } from './prompt-comparisons.answers.js';
import { PromptComparisonBody } from './prompt-comparisons.dto.js';

@ApiTags('prompt-comparisons')
@Controller('api/prompt-comparisons')
export class PromptComparisonsController {
  constructor(private readonly comparePrompts: ComparePrompts) {}

  @Post('estimate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What a comparison would ask and may cost; nothing is asked',
    operationId: 'estimate-prompt-comparison',
  })
  @Answers(PromptComparisonEstimate)
  estimate(@Body() body: PromptComparisonBody, @Res({ passthrough: true }) response: Response) {
    return this.comparePrompts.estimate(requestOf(body), goneWith(response));
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
    const signal = goneWith(response);
    if (!request.headers.accept?.includes('text/event-stream'))
      return this.comparePrompts.execute(requestOf(body), () => undefined, signal);
    return this.#stream(requestOf(body), response, signal);
  }

  /** What it answers goes its own way. */
  async #stream(request: ComparisonRequest, response: Response, signal: AbortSignal): Promise<never> {
    response.writeHead(200, {
      ...{ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    });
    response.flushHeaders();
    const tell = (event: string, data: unknown): void =>
      void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    try {
      const onPair = (done: number, total: number): void => tell('progress', { done, total });
      tell('done', await this.comparePrompts.execute(request, onPair, signal));
    } catch (error) {
      tell('failed', error instanceof Problem ? error : unexpected(error));
    }
    response.end();
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

function goneWith(response: Response): AbortSignal {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  return gone.signal;
}

function unexpected(error: unknown): Problem {
  return new Problem({
    ...{ status: 500, code: 'internal-error', title: 'The prompts were not compared' },
    detail: error instanceof Error ? error.message : String(error),
  });
}
