import { Body, Controller, Headers, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MissingVariable } from '@duofactory/contracts';
import { BlockFailure, problemOfFailure } from '@duofactory/block-kit';
import { Answers, EventStream, Problem, readerGone } from '@duofactory/platform';
import type { Request, Response } from 'express';
import { AskPrompt, type AskedPrompt, type PromptPreview, type PromptQuestion } from '../app/ask-prompt.js';
import { checkPrompt, unknownVariables } from '../app/check-prompt.js';
import { promptKind } from '../app/prompt-kind.js';
import { scopeOf } from '../app/run-prompt.js';
import { IMAGE_TYPES, StoreImage } from '../app/store-image.js';
import { AskedPromptAnswer, CheckedPrompt, PreviewedPrompt, PromptScope, StoredImage } from './answers.js';
import {
  ImageAddressBody,
  PromptCheckBody,
  PromptPreviewBody,
  PromptRunBody,
  PromptScopeBody,
} from './prompt-runs.dto.js';

@ApiTags('prompt-runs')
@Controller('api/prompt-runs')
export class PromptRunsController {
  constructor(
    private readonly askPrompt: AskPrompt,
    private readonly storeImage: StoreImage,
  ) {}

  @Post('preview')
  @HttpCode(200)
  @ApiOperation({ summary: 'The exact requests that would be sent, and nothing is' })
  @Answers(PreviewedPrompt)
  async preview(@Body() question: PromptPreviewBody): Promise<PromptPreview> {
    try {
      return await this.askPrompt.preview(question);
    } catch (error) {
      throw problemOf(error);
    }
  }

  @Post('check')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What is wrong with a prompt that is being written, where in its texts, and how to mend it',
  })
  @Answers(CheckedPrompt)
  check(@Body() { definition, known }: PromptCheckBody) {
    return {
      errors: checkPrompt(definition),
      warnings: known ? unknownVariables(definition, known) : [],
      variables: promptKind.variables(definition),
    };
  }

  @Post('variables')
  @HttpCode(200)
  @ApiOperation({ summary: 'What the variables of a prompt may name, by what a block was given' })
  @Answers(PromptScope)
  variables(@Body() { input }: PromptScopeBody) {
    return { variables: { ...scopeOf(input) } };
  }

  @Post('images')
  @ApiOperation({ summary: 'Store an image to try a prompt with; the answer is the value of its variable' })
  @ApiConsumes(...IMAGE_TYPES)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @Answers(StoredImage, 201)
  image(@Req() request: Request) {
    return this.storeImage.execute(request.headers['content-type'], request);
  }

  @Post('images/fetched')
  @ApiOperation({
    summary: 'Fetch an image of the web and store it; the answer is the value of its variable',
    description: 'Hosts that are not public are asked only if DUOFACTORY_IMAGE_HOSTS names them',
  })
  @Answers(StoredImage, 201)
  fetchedImage(@Body() { url }: ImageAddressBody, @Res({ passthrough: true }) response: Response) {
    return this.storeImage.fetch(url, readerGone(response));
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({
    summary: 'Run a prompt once, outside of a workflow: what judges do, and people who try it',
    description:
      'With Accept: text/event-stream the answer comes as it is said: events `text` {step, text} (unless `partial` is false), `waiting` and `working` around the wait for a turn, then `done` with what is answered otherwise, or `failed` with problem details',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: true,
    description: 'The same key and request: the same answer, paid once',
  })
  @Answers(AskedPromptAnswer)
  async run(
    @Body() { run, workflow, above, task, attempt, partial = true, ...question }: PromptRunBody,
    @Headers('idempotency-key') key: string | undefined,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @Headers('x-duofactory-user') user = 'local',
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
    const purpose = {
      user,
      ...(run === undefined ? {} : { run }),
      ...(workflow === undefined ? {} : { workflow }),
      ...(above === undefined ? {} : { above }),
    };
    const of = task === undefined || attempt === undefined ? {} : { attempt: { task, attempt } };
    const asked = { ...question, ...of, key, purpose };
    if (request.headers.accept?.includes('text/event-stream'))
      return this.#stream(asked, new EventStream(response), partial);
    try {
      return await this.askPrompt.execute(asked, readerGone(response));
    } catch (error) {
      throw problemOf(error);
    }
  }

  /** What it answers goes its own way. */
  async #stream(asked: PromptQuestion, stream: EventStream, partial: boolean): Promise<never> {
    const onText = (step: string, text: string): void => stream.tell('text', { step, text });
    const onWait = (waiting: boolean): void => stream.tell(waiting ? 'waiting' : 'working', {});
    const watched = { ...asked, onWait, ...(partial ? { onText } : {}) };
    await stream.finish(async (gone) => {
      try {
        return await this.askPrompt.execute(watched, gone);
      } catch (error) {
        throw problemOf(error);
      }
    }, 'The prompt was not answered');
    return undefined as never;
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
  return problemOfFailure(error, 'The prompt did not answer');
}
