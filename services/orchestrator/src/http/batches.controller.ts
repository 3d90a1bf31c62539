import { Body, Controller, Get, Headers, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Answers, PageQuery, UuidPipe } from '@duofactory/platform';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  IsObject,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import type { Response } from 'express';
import { Batches, MOST_ITEMS, type Batch, type Existing } from '../app/batches/batches.js';
import { RehearseStart, type Rehearsal } from '../app/commands/rehearse-start.js';
import { ACTING_USER } from './acting-user.js';
import { Batch as BatchAnswer, BatchPage, Rehearsal as RehearsalAnswer } from './answers.js';

const ITEM_STATUSES = ['waiting', 'running', 'completed', 'partial', 'failed', 'cancelled', 'skipped'];

class Limits {
  @ApiPropertyOptional({ default: 10, minimum: 1, maximum: 1000, description: 'How many runs at a time' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1000)
  concurrency?: number;

  @ApiPropertyOptional({
    minimum: 0,
    description: 'US dollars: no further run begins once so much is spent, and the batch pauses',
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  maxCost?: number;
}

export class ListSourceBody {
  @ApiProperty({
    example: 'tables/units/rows',
    description:
      'What GET /api/<list> answers, all pages of it: rows of a table, units of a course (course-data/en-es), courses, nodes or episodes of the catalog with their filters (episodes?course=en-es&status=published)',
  })
  @IsString()
  @MaxLength(1000)
  list!: string;

  @ApiPropertyOptional({
    example: "level = 'A1'",
    description: 'JSONata that sees a row: only if it is true',
  })
  @IsOptional()
  @IsString()
  @MaxLength(2000)
  where?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    example: { course: 'en-es', node: '{{id}}' },
    description: "By input, a template that sees a row. Left out: the row's fields with an input's name",
  })
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;
}

class InputsList extends Limits {
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    example: [{ course: 'en-es', unit: 'cafe' }],
    description: 'The inputs of each run',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MOST_ITEMS)
  items?: unknown[];

  @ApiPropertyOptional({ example: 'course,unit\nen-es,cafe\n', description: 'The same as CSV' })
  @IsOptional()
  @IsString()
  csv?: string;

  @ApiPropertyOptional({
    type: ListSourceBody,
    description: 'The same from a service of the product, read once, when the batch starts',
  })
  @IsOptional()
  @ValidateNested()
  @Type(() => ListSourceBody)
  source?: ListSourceBody;

  @ApiPropertyOptional({
    enum: ['all', 'skip', 'failed'],
    default: 'all',
    description:
      'Inputs that were run before: run all, skip those done, or run only those that failed; the latter two skip those of which a run goes on. It is decided for each input when its turn comes',
  })
  @IsOptional()
  @IsIn(['all', 'skip', 'failed'])
  existing?: Existing;
}

export class StartBatchBody extends InputsList {
  @ApiProperty({ example: 'duoradio', description: 'A workflow, or one of its versions: duoradio@3' })
  @Matches(/^[a-z0-9][a-z0-9-]*(@[1-9]\d{0,8})?$/, {
    message: 'workflow must be an id such as duoradio, or duoradio@3',
  })
  workflow!: string;

  @ApiPropertyOptional({ example: 'Spring rehearsal' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  name?: string;
}

export class RehearsalBody extends InputsList {
  @ApiProperty({ example: 'duoradio', description: 'A workflow, one of its versions or its draft' })
  @Matches(/^[a-z0-9][a-z0-9-]*(@([1-9]\d{0,8}|draft))?$/, {
    message: 'workflow must be an id such as duoradio, duoradio@3 or duoradio@draft',
  })
  workflow!: string;
}

export class LimitsBody extends Limits {}

export class ListItemsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: ITEM_STATUSES })
  @IsOptional()
  @IsIn(ITEM_STATUSES)
  status?: string;
}

@ApiTags('batches')
@Controller('api/batches')
export class BatchesController {
  constructor(
    private readonly batches: Batches,
    private readonly rehearseStart: RehearseStart,
  ) {}

  @Post('rehearsal')
  @HttpCode(200)
  @ApiOperation({
    summary: 'What a start would do, of one run or many: every row is checked, and nothing starts',
    description: 'Tasks and cost are those of past runs of the workflow, block by block',
  })
  @Answers(RehearsalAnswer)
  rehearse(@Body() { workflow, existing = 'all', items, csv, source }: RehearsalBody): Promise<Rehearsal> {
    const list = {
      ...(items === undefined ? {} : { items }),
      ...(csv === undefined ? {} : { csv }),
      ...(source === undefined ? {} : { source }),
    };
    return this.rehearseStart.execute({ workflow, existing, ...list });
  }

  @Post()
  @ApiOperation({
    summary: 'Run a workflow over a list of inputs. Every row is checked before the first run',
  })
  @ApiHeader(ACTING_USER)
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key and request: the same batch',
  })
  @Answers(BatchAnswer, 200)
  @Answers(BatchAnswer, 201)
  async start(
    @Body() { concurrency = 10, existing = 'all', ...body }: StartBatchBody,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
    @Res({ passthrough: true }) response: Response,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<Batch> {
    const { batch, created } = await this.batches.start({
      ...body,
      concurrency,
      existing,
      by,
      ...(idempotencyKey ? { idempotencyKey } : {}),
    });
    response.status(created ? 201 : 200).location(`/api/batches/${batch.id}`);
    return batch;
  }

  @Get()
  @ApiOperation({ summary: 'Batches, newest first' })
  @Answers(BatchPage)
  list(@Query() query: PageQuery): ReturnType<Batches['list']> {
    return this.batches.list(query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A batch: how many of its items wait, run, completed, failed; what it cost' })
  @Answers(BatchAnswer)
  show(@Param('id', UuidPipe) id: string): Promise<Batch> {
    return this.batches.show(id);
  }

  @Get(':id/items')
  @ApiOperation({ summary: 'The items of a batch in order, with their runs' })
  items(@Param('id', UuidPipe) id: string, @Query() query: ListItemsQuery): ReturnType<Batches['items']> {
    return this.batches.items(id, query);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change how many runs go on at a time, or the cap of cost' })
  async limit(@Param('id', UuidPipe) id: string, @Body() body: LimitsBody): Promise<Batch> {
    await this.batches.limit(id, body);
    return this.batches.show(id);
  }

  @Post(':id/pause')
  @ApiHeader(ACTING_USER)
  @HttpCode(202)
  @ApiOperation({ summary: 'Begin nothing more, and pause the runs that go on' })
  async pause(@Param('id', UuidPipe) id: string, @Headers('x-duofactory-user') by = 'local'): Promise<Batch> {
    await this.batches.pause(id, by);
    return this.batches.show(id);
  }

  @Post(':id/resume')
  @ApiHeader(ACTING_USER)
  @HttpCode(202)
  @ApiOperation({ summary: 'Go on with a paused batch' })
  async resume(
    @Param('id', UuidPipe) id: string,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<Batch> {
    await this.batches.resume(id, by);
    return this.batches.show(id);
  }

  @Post(':id/cancel')
  @ApiHeader(ACTING_USER)
  @HttpCode(202)
  @ApiOperation({ summary: 'Begin nothing more, and cancel the runs that go on' })
  async cancel(
    @Param('id', UuidPipe) id: string,
    @Headers('x-duofactory-user') by = 'local',
  ): Promise<Batch> {
    await this.batches.cancel(id, by);
    return this.batches.show(id);
  }

  @Post(':id/retry')
  @ApiHeader(ACTING_USER)
  @HttpCode(202)
  @ApiOperation({ summary: 'Go on with what failed, was cancelled or is partial' })
  async retry(@Param('id', UuidPipe) id: string, @Headers('x-duofactory-user') by = 'local'): Promise<Batch> {
    await this.batches.retry(id, by);
    return this.batches.show(id);
  }
}
