import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Answers } from '@duofactory/platform';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { ReadWorkflows } from '../app/workflows/read-workflows.js';
import { ShowWork } from '../app/history/show-work.js';
import { BlockTypes, BlockTypeWork } from './answers.js';

export class WorkQuery {
  @ApiPropertyOptional({
    ...{ default: 24, minimum: 1, maximum: 168 },
    description: 'What ended is counted over runs that began in so many hours, the newest 10,000 at most',
  })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(168)
  hours: number = 24;
}

@ApiTags('block-types')
@Controller('api/block-types')
export class BlockTypesController {
  constructor(
    private readonly readWorkflows: ReadWorkflows,
    private readonly showWork: ShowWork,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Block types that services announced, with their manifests' })
  @Answers(BlockTypes)
  async list() {
    return { blockTypes: await this.readWorkflows.blockTypes() };
  }

  @Get('work')
  @ApiOperation({
    summary: 'Which block types fail, and how much waits for them since when',
    description: 'Those that fail most stand first, then those that have most to do.',
  })
  @Answers(BlockTypeWork)
  work(@Query() { hours }: WorkQuery) {
    return this.showWork.execute(hours);
  }
}
