import { Body, Controller, Headers, HttpCode, Post, Req } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MissingVariable } from '@duofactory/contracts';
import { BlockFailure } from '@duofactory/block-kit';
import { Problem } from '@duofactory/platform';
import type { Request } from 'express';
import { AskPrompt, type AskedPrompt } from '../app/ask-prompt.js';
import { PromptRunBody } from './prompt-runs.dto.js';

@ApiTags('prompt-runs')
@Controller('api/prompt-runs')
export class PromptRunsController {
  constructor(private readonly askPrompt: AskPrompt) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ summary: 'Run a prompt once, outside of a workflow: what judges do' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: true,
    description: 'The same key and request: the same answer, paid once',
  })
  async run(
    @Body() { run, workflow, ...question }: PromptRunBody,
    @Headers('idempotency-key') key: string | undefined,
    @Headers('x-duofactory-user') user = 'local',
    @Req() request: Request,
  ): Promise<AskedPrompt> {
    if (!key) {
      throw new Problem({
        status: 400,
        code: 'idempotency-key-missing',
        title: 'The Idempotency-Key is missing',
        detail:
          'Send a header Idempotency-Key: with the same one again you get the same answer and pay nothing',
      });
    }
    const gone = new AbortController();
    request.res?.on('close', () => gone.abort());
    try {
      const purpose = {
        user,
        ...(run === undefined ? {} : { run }),
        ...(workflow === undefined ? {} : { workflow }),
      };
      return await this.askPrompt.execute({ ...question, key, purpose }, gone.signal);
    } catch (error) {
      throw problemOf(error);
    }
  }
}

function problemOf(error: unknown): unknown {
  if (error instanceof MissingVariable)
    return new Problem({
      status: 422,
      code: error.code,
      title: 'A variable is missing',
      detail: error.message,
    });
  if (!(error instanceof BlockFailure)) return error;
  // Limits that a person can raise are no outage.
  if (error.hold)
    return new Problem({
      status: 409,
      code: error.code,
      title: 'The prompt is held',
      detail: error.message,
      more: { hold: error.hold, ...(error.afterMs === undefined ? {} : { afterMs: error.afterMs }) },
    });
  return new Problem({
    status: error.retryable ? 503 : 422,
    code: error.code,
    title: 'The prompt did not answer',
    detail: error.message,
  });
}
